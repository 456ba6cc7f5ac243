import type { Clock, SafePath } from "../core/mod.ts";
import { encodeMetadata, metadataType } from "../metadata/binary/mod.ts";
import { fileJson, timeJson } from "../metadata/json/mod.ts";
import { type FileMetadata, syncStatuses, timeOf } from "../metadata/mod.ts";
import { type ExpectedVersion, globUnitsMax, type ListQuery, type StepReceipt } from "../metadata/repository/mod.ts";
import {
  empty,
  evaluatePreconditions,
  HttpError,
  type HttpRequest,
  type HttpResponse,
  json,
  type Router,
} from "../network/mod.ts";
import type { MetadataRefusal, MetadataService } from "../sync/service/mod.ts";
import { metadataFor, metadataInBody } from "./metadata_body.ts";
import { cursorText, etagOf, metadataAnswer, readCursor, wantedForm } from "./metadata_forms.ts";
import { safePath, spaceName } from "./request_values.ts";

/** How many paths a page has unless told, and at most. */
const limitDefault = 1000;
const limitMax = 10_000;
/** The space that is meant where none is named. */
const defaultSpace = "default";

/** What the routes of metadata stand on. */
export interface MetadataRoutesOptions {
  readonly metadata: MetadataService;
  /** The time of entries that name none. */
  readonly clock: Clock;
}

/**
 * Adds the metadata of paths, in `?space=NAME`, as JSON, as DDL and in binary:
 *
 * - `POST /api/metadata/add`: announces paths of which nothing is known.
 * - `GET /api/metadata/get/<path>`: what is known of a path; `GET /api/metadata/history/<path>`: all its versions.
 * - `GET /api/metadata/list?prefix=&state=&glob=&limit=&cursor=`: pages of what is known.
 * - `PUT /api/metadata/get/<path>`, `DELETE`: change and delete; `If-Match` names the version that is meant.
 */
export function addMetadataRoutes(router: Router, { metadata, clock }: MetadataRoutesOptions): void {
  router.post("/api/metadata/add", async (request) => {
    const entries = await metadataInBody(request, { mtimeMs: clock.now() });
    const added = await metadata.add(spaceOf(request), entries);
    if (!added.ok) throw refused(added.error);
    return addedAnswer(request, added.value);
  });

  router.get("/api/metadata/list", async (request) => {
    const query = listQuery(request);
    const { files, next } = await metadata.list(spaceOf(request), query);
    const cursor = next === undefined ? null : cursorText(next);
    const headers = cursor === null ? {} : { Link: `<${nextTarget(request, cursor)}>; rel="next"` };
    return metadataAnswer(request, files, { several: true, members: { next_cursor: cursor }, headers });
  });

  router.get("/api/metadata/get/*path", async (request, { path }) => {
    const known = await knownAt(metadata, request, safePath(path));
    const headers = { ETag: etagOf(known) };
    const status = evaluatePreconditions(request, { etag: headers.ETag });
    if (status !== undefined) return empty({ status, headers });
    return metadataAnswer(request, [known], { several: false, headers });
  });

  router.get("/api/metadata/history/*path", async (request, { path }) => {
    const versions = await metadata.history(spaceOf(request), safePath(path));
    if (versions.length === 0) throw unknownPath(safePath(path));
    if (wantedForm(request, ["application/json", metadataType]) === metadataType) {
      const body = ReadableStream.from(encodeMetadata(versions.map(({ metadata }) => metadata)));
      return { status: 200, headers: { "Content-Type": metadataType, Vary: "Accept" }, body };
    }
    const all = versions.map(({ metadata, revision, atMs }) => ({
      ...fileJson(metadata),
      revision,
      at: timeJson(atMs),
    }));
    return json({ versions: all }, { headers: { Vary: "Accept" } });
  });

  router.put("/api/metadata/get/*path", (request, { path }) => put({ metadata, clock }, request, safePath(path)));

  router.delete("/api/metadata/get/*path", async (request, { path }) => {
    const refusal = await metadata.delete(spaceOf(request), safePath(path), expectedVersion(request));
    if (refusal !== undefined) throw refused(refusal, request);
    return empty();
  });
}

async function put(
  { metadata, clock }: MetadataRoutesOptions,
  request: HttpRequest,
  path: SafePath,
): Promise<HttpResponse> {
  const space = spaceOf(request);
  const expected = expectedVersion(request);
  const known = await metadata.get(space, path);
  const defaults = known === undefined ? { mtimeMs: clock.now() } : { ...timeOf(known), mode: known.mode };
  const entry = await metadataFor(path, request, defaults);
  if (known === undefined && !request.headers.has("if-match")) {
    const added = await metadata.add(space, [entry]);
    if (!added.ok) throw refused(added.error);
    return addedAnswer(request, added.value);
  }
  const updated = await metadata.update(space, entry, expected);
  if (!updated.ok) throw refused(updated.error, request);
  return metadataAnswer(request, [updated.value], { several: false, headers: { ETag: etagOf(updated.value) } });
}

/** What was added; 201 if any of it is new. */
function addedAnswer(request: HttpRequest, receipts: readonly StepReceipt[]): HttpResponse {
  const files = receipts.map(({ known }) => known!.metadata);
  const status = receipts.some(({ changed }) => changed) ? 201 : 200;
  const [first] = files;
  if (first === undefined || files.length > 1) return metadataAnswer(request, files, { status, several: true });
  const location = `/api/metadata/get/${first.path.split("/").map(encodeURIComponent).join("/")}`;
  return metadataAnswer(request, files, {
    status,
    several: false,
    headers: { ETag: etagOf(first), Location: location },
  });
}

function spaceOf(request: HttpRequest): string {
  return spaceName(request.query.get("space") ?? defaultSpace);
}

async function knownAt(metadata: MetadataService, request: HttpRequest, path: SafePath): Promise<FileMetadata> {
  const known = await metadata.get(spaceOf(request), path);
  if (known === undefined) throw unknownPath(path);
  return known;
}

function unknownPath(path: SafePath): HttpError {
  return new HttpError(404, `Nothing is known of ${JSON.stringify(path)}`);
}

function listQuery({ query }: HttpRequest): ListQuery {
  const [prefix, glob, state, cursor] = ["prefix", "glob", "state", "cursor"].map((name) =>
    query.get(name) || undefined
  );
  const known = syncStatuses.find((status) => status === state);
  if (state !== undefined && known === undefined) {
    throw new HttpError(400, `There is no state ${JSON.stringify(state)}, only ${syncStatuses.join(", ")}`);
  }
  if ((glob?.length ?? 0) > globUnitsMax) throw new HttpError(400, `The pattern is longer than ${globUnitsMax}`);
  const limit = query.get("limit") ?? String(limitDefault);
  if (!/^\d{1,6}$/.test(limit) || Number(limit) < 1 || Number(limit) > limitMax) {
    throw new HttpError(400, `The limit must be from 1 to ${limitMax}, got ${JSON.stringify(limit)}`);
  }
  return {
    limit: Number(limit),
    ...(prefix === undefined ? {} : { prefix }),
    ...(glob === undefined ? {} : { glob }),
    ...(known === undefined ? {} : { state: known }),
    ...(cursor === undefined ? {} : { after: readCursor(cursor) }),
  };
}

function nextTarget(request: HttpRequest, cursor: string): string {
  const query = new URLSearchParams(request.query);
  query.set("cursor", cursor);
  return `${request.path}?${query}`;
}

/** The version in `If-Match`: an entity tag as this server gives it, or a version alone; `*` asks for any. */
function expectedVersion(request: HttpRequest): ExpectedVersion | undefined {
  const text = request.headers.get("if-match");
  if (text === undefined || text === "*") return undefined;
  const [, version, word] = /^"?(\d{1,16})(?:-([a-z]+))?"?$/.exec(text) ?? [];
  const status = syncStatuses.find((candidate) => candidate === word);
  if (version === undefined || (word !== undefined && status === undefined)) {
    throw new HttpError(400, `If-Match needs the version of the path, got ${JSON.stringify(text)}`);
  }
  return { version: Number(version), ...(status === undefined ? {} : { status }) };
}

/** The problem that a refusal is; under `If-Match`, what is not there does not match either. */
function refused(refusal: MetadataRefusal, request?: HttpRequest): HttpError {
  const { path } = refusal;
  const current = "known" in refusal ? refusal.known?.metadata : undefined;
  const extensions = { file_path: path, ...(current === undefined ? {} : { version: current.version }) };
  const headers: Record<string, string> = current === undefined ? {} : { ETag: etagOf(current) };
  const name = JSON.stringify(path);
  switch (refusal.reason) {
    case "missing":
      if (request?.headers.has("if-match") !== true) return unknownPath(path);
      return new HttpError(412, `Nothing is known of ${name}`, { extensions });
    case "version":
      return new HttpError(412, `The path ${name} is not at the version that was expected`, { extensions, headers });
    case "exists":
      return new HttpError(409, `Something else is known of ${name}`, {
        extensions: { ...extensions, hint: "Change it by PUT with If-Match" },
        headers,
      });
    case "committed":
    case "not_empty":
      return new HttpError(409, `There is something left in ${name}`, { extensions });
    case "out_of_range":
      return new HttpError(400, `The version of ${name} is too high to count on from`, { extensions });
  }
}

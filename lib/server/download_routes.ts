import type { SafePath } from "../core/mod.ts";
import type { Entry } from "../metadata/mod.ts";
import type { ContentSource } from "../network/mod.ts";
import { HttpError, type HttpRequest, type HttpResponse, type Router, serveContent } from "../network/mod.ts";
import { type SyncService, versionAt, type WantedFile } from "../sync/service/mod.ts";
import type { SessionService } from "../sync/sessions/mod.ts";
import { momentError, momentOf } from "./moment_value.ts";
import { existingSpace, numberInQuery, safePath, spaceName } from "./request_values.ts";
import { countAnswer, countedSource, countEmptyAnswer } from "./session_download.ts";
import { done } from "./session_routes.ts";

/** The space that is meant where none is named. */
const defaultSpace = "default";

/**
 * Adds `GET /api/file/download/<path>`: the bytes of a file, whole or in ranges, of now, of an earlier `?version=N`, or
 * of a moment `?at=` (a revision, or a time), in `?space=NAME`. With `?session_id=` it is one of the downloads of that
 * session, in its space.
 */
export function addDownloadRoutes(router: Router, service: SyncService, options: DownloadRoutesOptions = {}): void {
  router.get("/api/file/download/*path", (request, { path }) => download(request, { service, ...options }, path));
}

/** What downloads stand on, beside the service. */
export interface DownloadRoutesOptions {
  /** The sessions that downloads may belong to; none unless given. */
  readonly sessions?: SessionService;
}

async function download(
  request: HttpRequest,
  { service, sessions }: DownloadRoutesOptions & { readonly service: SyncService },
  text: string,
): Promise<HttpResponse> {
  const id = request.query.get("session_id");
  const session = id === null || sessions === undefined ? undefined : done(await sessions.session(id));
  const space = spaceName(request.query.get("space") ?? session?.space ?? defaultSpace);
  if (session !== undefined && session.space !== space) {
    throw new HttpError(400, `The session is about the space ${JSON.stringify(session.space)}`);
  }
  const path = safePath(text);
  const { entry, version, which } = await wantedEntry(request, service, { space, path });
  if (entry?.kind !== "file") {
    throw new HttpError(404, `There is no file ${JSON.stringify(path)}${which} in the space ${JSON.stringify(space)}`);
  }
  const source = sourceOf(service, { space, path, file: entry });
  const { size } = entry;
  const counted = session && sessions && countAnswer(sessions, { session: session.id, path, version, size });
  const response = serveContent(request, {
    body: counted === undefined ? source : countedSource(source, counted),
    // Whatever a user stored is never run by a browser as a page of this server.
    contentType: "application/octet-stream",
    etag: `"${entry.content}"`,
    lastModified: new Date(entry.mtimeMs),
    headers: { "Content-Disposition": attachment(path.slice(path.lastIndexOf("/") + 1)), ...inert },
  });
  if (counted !== undefined) await countEmptyAnswer(request, response, { size, counted });
  return response;
}

/** What lives, or lived, at a path. */
interface WantedEntry {
  readonly entry: Entry | undefined;
  readonly version: number;
  /** The words for when. */
  readonly which: string;
}

/** What is asked for of a path: what lives there, or lived there; and the words for when. */
async function wantedEntry(
  request: HttpRequest,
  service: SyncService,
  { space, path }: { readonly space: string; readonly path: SafePath },
): Promise<WantedEntry> {
  const at = request.query.get("at");
  if (request.query.has("version")) {
    if (at !== null) throw new HttpError(400, "The query names either a version or a moment (at)");
    const version = numberInQuery(request, "version");
    const record = (await service.history(space, path)).find((record) => record.version === version);
    return { entry: record?.entry, version, which: ` of version ${version}` };
  }
  if (at === null) {
    const stored = await service.get(space, path);
    return { entry: stored?.entry, version: stored?.version ?? 0, which: "" };
  }
  const head = await existingSpace(service, space);
  const until = await service.revisionAt(head, momentOf(at));
  if (!until.ok) throw momentError(until.error, space);
  const record = versionAt(await service.history(space, path), until.value);
  return { entry: record?.entry, version: record?.version ?? 0, which: ` at revision ${until.value}` };
}

/** Header fields that keep a browser from making anything of user content. */
const inert = { "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox" };

function sourceOf(service: SyncService, wanted: WantedFile): ContentSource {
  return {
    length: wanted.file.size,
    slice: (offset, length) => service.download(wanted, offset, offset + length),
  };
}

/** `Content-Disposition` with a name of any characters (RFC 6266, RFC 8187). */
function attachment(name: string): string {
  const encoded = encodeURIComponent(name).replace(/['()*!]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return `attachment; filename*=UTF-8''${encoded}`;
}

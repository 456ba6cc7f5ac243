import type { SafePath } from "../core/mod.ts";
import { metadataType, RecordDecoder, type RecordError } from "../metadata/binary/mod.ts";
import { parseMetadata } from "../metadata/ddl/mod.ts";
import { parseFilesJson, type ReadFilesOptions } from "../metadata/json/mod.ts";
import type { FileMetadata } from "../metadata/mod.ts";
import { decodeContent, decodedBytes, HttpError, type HttpRequest } from "../network/mod.ts";
import { ddlTypes, metadataTypes } from "./metadata_forms.ts";

/** The most bytes of metadata one request may bring, unpacked. */
const bodyBytesMax: number = 32 * 1024 * 1024;
/** The most entries one request may bring. */
export const entriesPerRequestMax = 100_000;
/** The most replicas of one entry. */
const replicasMax = 1000;
/** The longest name of an owner or a node, and target of a link, in UTF-16 units. */
const nameUnitsMax = 255;
const targetUnitsMax = 4096;

/** The entries a request brings, in any form, all of them sound; throws a 400 that tells every mistake by its place. */
export async function metadataInBody(request: HttpRequest, defaults: ReadFilesOptions): Promise<FileMetadata[]> {
  const entries = await readEntries(request, defaults);
  if (entries.length > entriesPerRequestMax) {
    throw new HttpError(
      413,
      `The body has ${entries.length} entries, at most ${entriesPerRequestMax} are taken at once`,
    );
  }
  const paths = new Set<SafePath>();
  for (const entry of entries) {
    const problem = paths.has(entry.path) ? "is named twice" : excess(entry);
    if (problem !== undefined) throw new HttpError(400, `The path ${JSON.stringify(entry.path)} ${problem}`);
    paths.add(entry.path);
  }
  return entries;
}

/** The one entry a request brings, for the path that it is for. */
export async function metadataFor(
  path: SafePath,
  request: HttpRequest,
  defaults: ReadFilesOptions,
): Promise<FileMetadata> {
  const [entry, second] = await metadataInBody(request, { ...defaults, path });
  if (entry === undefined || second !== undefined) throw new HttpError(400, "The body must hold one entry");
  if (entry.path === path) return entry;
  throw new HttpError(
    400,
    `The body is about ${JSON.stringify(entry.path)}, the request about ${JSON.stringify(path)}`,
  );
}

async function readEntries(request: HttpRequest, defaults: ReadFilesOptions): Promise<FileMetadata[]> {
  const type = (request.headers.get("content-type") ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (type === "application/json") return readJson(await readText(request), defaults);
  if (type === metadataType) return await readBinary(request);
  if (ddlTypes.some((name) => name === type)) return readDdl(await readText(request));
  throw new HttpError(415, `Metadata is taken as ${metadataTypes.join(", ")}, not as ${JSON.stringify(type)}`, {
    headers: { "Accept-Post": metadataTypes.join(", ") },
    extensions: { hint: "Name the form of the body: Content-Type: application/json" },
  });
}

async function readText(request: HttpRequest): Promise<string> {
  const bytes = await decodedBytes(request, { max: bodyBytesMax });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError(400, "The body is not UTF-8");
  }
}

function readJson(text: string, defaults: ReadFilesOptions): FileMetadata[] {
  const parsed = parseFilesJson(text, defaults);
  if (parsed.ok) return parsed.value;
  const [first] = parsed.error;
  throw invalid(parsed.error.length, { what: first!.message, errors: parsed.error });
}

function readDdl(text: string): FileMetadata[] {
  const parsed = parseMetadata(text);
  if (parsed.ok) return parsed.value;
  const { message, line, column } = parsed.error[0]!;
  throw invalid(parsed.error.length, { what: `${message} (line ${line}, column ${column})`, errors: parsed.error });
}

async function readBinary(request: HttpRequest): Promise<FileMetadata[]> {
  const decoder = new RecordDecoder();
  const entries: FileMetadata[] = [];
  for await (const piece of decodeContent(request, { max: bodyBytesMax })) {
    const records = decoder.push(piece);
    if (!records.ok) throw broken(records.error);
    for (const record of records.value) if (record.type === "metadata") entries.push(...record.entries);
  }
  const end = decoder.end();
  if (!end.ok) throw broken(end.error);
  return entries;
}

function broken({ code, message }: RecordError): HttpError {
  return new HttpError(400, message, { title: "Invalid metadata", extensions: { errors: [{ code, message }] } });
}

function invalid(
  count: number,
  { what, errors }: { readonly what: string; readonly errors: readonly unknown[] },
): HttpError {
  const detail = count === 1 ? what : `${what}, and ${count - 1} more`;
  return new HttpError(400, detail, { title: "Invalid metadata", extensions: { errors } });
}

/** What of an entry is more than a store takes from strangers. */
function excess({ owner, target, syncState: { replicas } }: FileMetadata): string | undefined {
  if (replicas.length > replicasMax) return `has more than ${replicasMax} replicas`;
  if ((target?.length ?? 0) > targetUnitsMax) return `has a target longer than ${targetUnitsMax} characters`;
  const names = replicas.map(({ node }) => node);
  for (const name of owner === undefined ? names : [owner, ...names]) {
    if (name.length > nameUnitsMax) return `has an owner or a node with more than ${nameUnitsMax} characters`;
    // deno-lint-ignore no-control-regex
    if (/[\u0000-\u001f\u007f]/.test(name)) return "has an owner or a node with a control character";
  }
  return undefined;
}

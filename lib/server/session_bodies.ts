import type { Clock, Hash, SafePath } from "../core/mod.ts";
import { isObject, type JsonProblem, readFilesJson } from "../metadata/json/mod.ts";
import { type FileMetadata, timeOf } from "../metadata/mod.ts";
import type { HttpRequest } from "../network/mod.ts";
import { isReservedPath } from "../sync/mod.ts";
import {
  type DiffRequest,
  type FinishRequest,
  type LocalFile,
  type NewClient,
  pieceBytesMax,
  type PieceRequest,
} from "../sync/sessions/mod.ts";
import { badBody, type BodyFields, jsonBody } from "./json_body.ts";

/** The most bytes of a body that holds a few short texts. */
const smallBodyBytesMax = 16 * 1024;
/** The most bytes of a list of files. */
const diffBytesMax: number = 64 * 1024 * 1024;
/** The most bytes of a body with a chunk: two digits a byte, and the other members. */
const chunkBodyBytesMax: number = 2 * pieceBytesMax + smallBodyBytesMax;

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const nameRule = "up to 64 letters, digits, dots, underscores and hyphens, beginning with a letter or digit";
const platformUnitsMax = 64;
const hashRule = "a SHA-256: 64 hexadecimal digits, with or without sha256: before them";

/** A body about a session. */
export type ForSession<T> = T & { readonly session: string };

/** The body of `POST /api/register`. */
export function registerBody(request: HttpRequest): Promise<NewClient> {
  return jsonBody(request, {
    max: smallBodyBytesMax,
    read: (fields) => {
      const name = fields.required("client_name", nameRule);
      if (name !== undefined && !namePattern.test(name)) {
        fields.wrong("client_name", "This cannot be the name of a client", nameRule);
      }
      const platform = fields.text("platform") ?? "unknown";
      if (platform.length > platformUnitsMax || !/^[ -~]*$/.test(platform)) {
        fields.wrong("platform", "This cannot be a platform", `up to ${platformUnitsMax} characters, such as linux`);
      }
      return { name: name ?? "", platform };
    },
  });
}

/** The body of `POST /api/sync/start`. */
export function startBody(request: HttpRequest): Promise<{ readonly client: string; readonly space: string }> {
  return jsonBody(request, {
    max: smallBodyBytesMax,
    read: (fields) => {
      const client = fields.required("client_id", "the client_id that POST /api/register answered") ?? "";
      const space = fields.text("space") ?? "default";
      if (!namePattern.test(space)) fields.wrong("space", "This cannot be the name of a space", nameRule);
      return { client, space };
    },
  });
}

/** The body of `POST /api/sync/diff`. */
export function diffBody(request: HttpRequest, clock: Clock): Promise<ForSession<DiffRequest>> {
  return jsonBody(request, {
    max: diffBytesMax,
    read: (fields) => {
      const session = sessionOf(fields);
      const list = fields.list("local_snapshot", "a list of files, each with file_path, hash, size and version");
      const confirmedDeletes = fields.count("confirm_deletes");
      const declined = readDeclined(fields);
      return { session, files: list === undefined ? [] : readSnapshot(list, clock), confirmedDeletes, declined };
    },
  });
}

/** The body of `POST /api/file/upload_chunk`. */
export function pieceBody(request: HttpRequest): Promise<ForSession<PieceRequest>> {
  return jsonBody(request, {
    max: chunkBodyBytesMax,
    read: (fields) => {
      const session = sessionOf(fields);
      const path = fields.storedPath("file_path");
      const index = fields.requiredCount("chunk_index", "the number of the chunk, from 0") ?? 0;
      const total = fields.requiredCount("total_chunks", "how many chunks the file has") ?? 0;
      if (total < 1) fields.wrong("total_chunks", "A file has at least one chunk, an empty one if it is empty");
      else if (index >= total) {
        fields.wrong("chunk_index", `There is no chunk ${index} of ${total}`, `a number from 0 to ${total - 1}`);
      }
      const bytes = readHex(fields, "data");
      const hash = requiredHash(fields, "chunk_hash");
      return { session, path: path!, index, total, bytes: bytes!, hash: hash! };
    },
  });
}

/** The body of `POST /api/file/upload_complete`. */
export function finishBody(request: HttpRequest): Promise<ForSession<FinishRequest>> {
  return jsonBody(request, {
    max: smallBodyBytesMax,
    read: (fields) => {
      const session = sessionOf(fields);
      const path = fields.storedPath("file_path");
      const expected = requiredHash(fields, "expected_hash");
      return { session, path: path!, expected: expected! };
    },
  });
}

function sessionOf(fields: BodyFields): string {
  return fields.required("session_id", "the session_id that POST /api/sync/start answered") ?? "";
}

function requiredHash(fields: BodyFields, name: string): Hash | undefined {
  return fields.value(name) === undefined ? fields.missing(name, hashRule) : fields.hash(name);
}

function readHex(fields: BodyFields, name: string): Uint8Array | undefined {
  const text = fields.value(name);
  const rule = "the bytes as hexadecimal digits, two each";
  if (typeof text !== "string") return fields.missing(name, rule);
  try {
    return Uint8Array.fromHex(text);
  } catch {
    return fields.wrong(name, `The value of "${name}" is not hexadecimal`, rule);
  }
}

function readDeclined(fields: BodyFields): ReadonlySet<SafePath> | "all" {
  const rule = "a list of paths, or true for all";
  const value = fields.value("declined_downloads");
  if (value === true) return "all";
  if (value === undefined || value === false) return new Set();
  const list = fields.list("declined_downloads", rule) ?? [];
  const files = readFilesJson({ files: list.map((path) => ({ file_path: path, size: 0 })) }, { mtimeMs: 0 });
  if (files.ok) return new Set(files.value.map(({ path }) => path));
  fields.wrong("declined_downloads", files.error[0]!.message, rule);
  return new Set();
}

/** The files of a list; throws a 400 that tells every mistake by its place. What is no file is passed over. */
function readSnapshot(list: readonly unknown[], clock: Clock): LocalFile[] {
  // What has no version is of the client's own making.
  const items = list.map((item) =>
    isObject(item) && (item["version"] ?? undefined) === undefined ? { ...item, version: 0 } : item
  );
  const read = readFilesJson({ files: items }, { mtimeMs: clock.now() });
  if (!read.ok) throw badBody(read.error.map(inSnapshot));
  const problems: JsonProblem[] = [];
  const files = read.value.flatMap((file, index) => {
    const pointer = `/local_snapshot/${index}`;
    if (file.kind !== "file") return [];
    if (isReservedPath(file.path)) {
      problems.push({ pointer, message: `The path ${JSON.stringify(file.path)} is kept for dfs itself` });
    }
    if (file.hash === undefined) {
      problems.push({ pointer, message: 'The member "hash" is missing', expected: hashRule });
      return [];
    }
    return [localFile(file, file.hash, list[index])];
  });
  if (problems.length > 0) throw badBody(problems);
  return files;
}

function localFile(file: FileMetadata, hash: Hash, item: unknown): LocalFile {
  const { path, size, version, mode } = file;
  const told = isObject(item) && item["mode"] !== undefined;
  return { path, hash, size, version, ...timeOf(file), ...(told ? { mode } : {}) };
}

function inSnapshot(problem: JsonProblem): JsonProblem {
  return { ...problem, pointer: problem.pointer.replace(/^\/files/, "/local_snapshot") };
}

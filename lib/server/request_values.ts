import { type Hash, hashBytes, hashFromBytes, parseSafePath, rootPath, type SafePath } from "../core/mod.ts";
import { HttpError, type HttpRequest } from "../network/mod.ts";
import type { SpaceHead } from "../metadata/mod.ts";
import type { SyncService } from "../sync/service/mod.ts";
import { SuspectRequest } from "./suspect_request.ts";

/** A name of a space: letters, digits, dot, underscore, hyphen; begins with a letter or a digit. */
const spacePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** The longest list of hashes a request may carry, in bytes. */
const hashListBytesMax: number = 65_536 * hashBytes;

/** The name of a space from a request's path; throws a 400 if it cannot be one. */
export function spaceName(text: string): string {
  if (spacePattern.test(text)) return text;
  throw new HttpError(400, `Not a name for a space: ${JSON.stringify(text)}`, {
    extensions: {
      hint: "Use up to 64 letters, digits, dots, underscores and hyphens, beginning with a letter or digit",
    },
  });
}

/** Where a space stands; throws a 404 if there is none of that name. */
export async function existingSpace(service: SyncService, text: string): Promise<SpaceHead> {
  const head = await service.head(spaceName(text));
  if (head !== undefined) return head;
  throw new HttpError(404, `There is no space ${JSON.stringify(text)}`);
}

/** The path in a request's query, the root if there is none; throws a 400 if it is not safe. */
export function pathInQuery(request: HttpRequest): SafePath {
  const text = request.query.get("path") ?? "";
  return text === "" || text === "/" ? rootPath : safePath(text);
}

/** A path from a request; throws a 400 if it is not safe. */
export function safePath(text: string): SafePath {
  const path = parseSafePath(text);
  if (path.ok) return path.value;
  throw new SuspectRequest("unsafe_path", 400, path.error);
}

/** A whole number in a request's query; throws a 400 if it is none, or missing. */
export function numberInQuery(request: HttpRequest, name: string): number {
  const text = request.query.get(name);
  const value = text === null || !/^\d{1,16}$/.test(text) ? NaN : Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new HttpError(400, `The query needs ${name}=NUMBER, got ${JSON.stringify(text)}`);
}

/** The hashes a request's body consists of, 32 bytes each. */
export async function hashesInBody(request: HttpRequest): Promise<Hash[]> {
  const bytes = await request.body.bytes({ max: hashListBytesMax });
  if (bytes.length % hashBytes !== 0) {
    throw new HttpError(400, `A list of hashes has ${bytes.length} bytes, no multiple of ${hashBytes}`);
  }
  const hashes = new Array<Hash>(bytes.length / hashBytes);
  for (let index = 0; index < hashes.length; index++) {
    hashes[index] = hashFromBytes(bytes.subarray(index * hashBytes, (index + 1) * hashBytes));
  }
  return hashes;
}

import { baseName, joinPath, nameBytesMax, parentPath, pathBytesMax, type SafePath } from "../core/mod.ts";

/** What a conflict copy is named after, beside the path itself. */
export interface ConflictNameOptions {
  /** The client whose content the copy holds. */
  readonly client: string;
  /** When the conflict was found, in milliseconds since 1970-01-01T00:00:00Z; told to the second, in UTC. */
  readonly atMs: number;
}

/** The most characters of a client's id that stand in a name. */
const clientUnitsMax = 32;
/** A longer last part of a name is no extension. */
const extensionBytesMax = 32;
/** The bytes of `.conflict-YYYYMMDD-HHMMSS-`. */
const markBytes = 26;
/** The last second whose year has four digits. */
const atMsMax = Date.UTC(9999, 11, 31, 23, 59, 59);

/** The name of a conflict copy: what was before the mark, the mark, and the extension. */
const conflictPattern = /^(.+)\.conflict-\d{8}-\d{6}-[A-Za-z0-9_-]{1,32}(\.[^.]+)?$/su;

if (1 + markBytes + clientUnitsMax + extensionBytesMax > nameBytesMax) {
  throw new RangeError("The limits of a conflict copy's name leave nothing of the name itself");
}

/**
 * Names the visible copy of a content that lost a conflict: `name.conflict-YYYYMMDD-HHMMSS-<client>.ext`, beside the
 * original.
 *
 * The extension is what follows the last dot, if something stands before that dot: `.gz` of `a.tar.gz`, none of
 * `.bashrc`. Of the client's id other characters than letters, digits, `_` and `-` become `-`, and 32 are kept. A copy of
 * a copy is named after the original, its old mark replaced. What would be too long is shortened before the mark, between
 * characters; if the folder's path leaves no room for any name, the copy goes to the nearest folder above that does.
 *
 * Equal arguments give equal names: whoever makes two copies of a path in one second moves `atMs` on.
 *
 * @example
 * ```ts
 * import { conflictName } from "./conflict_name.ts";
 * import { parseSafePath } from "../core/mod.ts";
 * import { assertEquals } from "@std/assert";
 * const path = parseSafePath("docs/plan.txt");
 * if (!path.ok) throw new Error(path.error);
 * const name = conflictName(path.value, { client: "laptop1", atMs: Date.UTC(2026, 0, 31, 8, 5, 9) });
 * assertEquals(name as string, "docs/plan.conflict-20260131-080509-laptop1.txt");
 * ```
 */
export function conflictName(path: SafePath, { client, atMs }: ConflictNameOptions): SafePath {
  const [stem, extension] = splitExtension(baseName(originalOfConflict(path) ?? path));
  const mark = `.conflict-${timeMark(atMs)}-${clientMark(client)}${extension}`;
  const needed = utf8.encode(mark).length + [...stem][0]!.length * 4;
  let directory = parentPath(path);
  while (roomIn(directory) < needed) directory = parentPath(directory);
  const stemBytes = Math.min(nameBytesMax, roomIn(directory)) - utf8.encode(mark).length;
  return joinPath(directory, `${shortened(stem, stemBytes)}${mark}`);
}

/** Says whether a path has the name of a conflict copy. */
export function isConflictName(path: SafePath): boolean {
  return conflictPattern.test(baseName(path));
}

/**
 * The path that a conflict copy is a copy of, as far as its name tells: of a shortened name not all, and of a copy that
 * found no room in its folder another folder.
 *
 * @returns The path without any mark of a conflict; `undefined` if it has none.
 */
export function originalOfConflict(path: SafePath): SafePath | undefined {
  if (!isConflictName(path)) return undefined;
  let name = baseName(path);
  for (let match = conflictPattern.exec(name); match !== null; match = conflictPattern.exec(name)) {
    name = `${match[1]}${match[2] ?? ""}`;
  }
  return joinPath(parentPath(path), name);
}

const utf8 = new TextEncoder();

/** Bytes left for a name in a folder. */
function roomIn(directory: SafePath): number {
  return directory === "" ? pathBytesMax : pathBytesMax - utf8.encode(directory).length - 1;
}

function splitExtension(name: string): readonly [stem: string, extension: string] {
  const dot = name.lastIndexOf(".");
  const extension = name.slice(dot);
  const plain = dot < 1 || extension === "." || utf8.encode(extension).length > extensionBytesMax;
  return plain ? [name, ""] : [name.slice(0, dot), extension];
}

function timeMark(atMs: number): string {
  const time = new Date(Math.min(Math.max(atMs, 0), atMsMax)).toISOString();
  return `${time.slice(0, 10).replaceAll("-", "")}-${time.slice(11, 19).replaceAll(":", "")}`;
}

function clientMark(client: string): string {
  const safe = client.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^-+/, "").slice(0, clientUnitsMax).replace(/-+$/, "");
  return safe === "" ? "unknown" : safe;
}

/** The first characters of a text, as many as fit. */
function shortened(text: string, bytesMax: number): string {
  const { read } = utf8.encodeInto(text, new Uint8Array(bytesMax));
  return text.slice(0, read);
}

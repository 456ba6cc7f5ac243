import { baseName, parentPath, rootPath, type SafePath } from "../../core/mod.ts";
import { Glob } from "./glob.ts";
import type { ListQuery } from "./metadata_repository.ts";

/** Paths next to one another in the order of (folder, name). */
export type ListRange =
  /** Names of one folder that begin with `from`; only those behind `after`, if that is given. */
  | { readonly of: "names"; readonly directory: SafePath; readonly from: string; readonly after: string | undefined }
  /** Everything in folders whose path begins with `from`; only what is behind `after`, if that is given. */
  | { readonly of: "folders"; readonly from: string; readonly after: SafePath | undefined };

/**
 * The ranges that hold the paths a query asks for, in order. The paths that begin with `docs/re` are those in the folder
 * `docs` whose names begin with `re`, and all in folders that begin with `docs/re`; both lie together in the order of
 * (folder, name), the first before the second.
 */
export function listRanges(query: ListQuery): ListRange[] {
  const prefix = widestPrefix(query);
  if (prefix === undefined) return [];
  const { after } = query;
  if (prefix === "") return [{ of: "folders", from: "", after }];
  const slash = prefix.lastIndexOf("/");
  const directory = (slash < 0 ? rootPath : prefix.slice(0, slash)) as SafePath;
  const from = prefix.slice(slash + 1);
  const within = after !== undefined && parentPath(after) === directory;
  const folders = { of: "folders", from: prefix, after: within ? undefined : after } as const;
  if (after !== undefined && !within) return [folders];
  return [{ of: "names", directory, from, after: after === undefined ? undefined : baseName(after) }, folders];
}

/** What all paths begin with that a query asks for; `undefined` if there can be none. */
function widestPrefix({ prefix = "", glob }: ListQuery): string | undefined {
  const plain = prefix.startsWith("/") ? prefix.slice(1) : prefix;
  const literal = glob === undefined ? "" : new Glob(glob).literalPrefix;
  if (literal.startsWith(plain)) return literal;
  return plain.startsWith(literal) ? plain : undefined;
}

/**
 * The least text that is greater than every text that begins with a prefix, in the order of code points, which is that of
 * UTF-8; `undefined` if there is none.
 */
export function prefixEnd(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0)!);
  while (points.length > 0) {
    const last = points.pop()!;
    if (last === 0x10ffff) continue;
    const next = last + 1 >= 0xd800 && last + 1 <= 0xdfff ? 0xe000 : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return undefined;
}

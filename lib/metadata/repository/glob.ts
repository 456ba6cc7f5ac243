/** The longest pattern in UTF-16 code units. */
export const globUnitsMax = 1024;

/**
 * A pattern that whole paths match: `*` any characters of one name, `?` one of them, `**` as a whole name any number of
 * names, none too. All else stands for itself.
 *
 * Matching takes time by the product of both lengths at worst, whatever the pattern: no pattern can stall a server, as
 * regular expressions can.
 *
 * @example
 * ```ts
 * import { Glob } from "./glob.ts";
 * import { assertEquals } from "@std/assert";
 * const glob = new Glob("docs/**" + "/*.pdf");
 * assertEquals(["docs/a.pdf", "docs/x/y/a.pdf", "docs/a.txt", "a.pdf"].map((path) => glob.matches(path)), [
 *   true, true, false, false,
 * ]);
 * ```
 */
export class Glob {
  /** What every path that matches begins with. */
  readonly literalPrefix: string;
  readonly #names: readonly string[];

  /** Reads a pattern; every text is one. Limits on its length ({@linkcode globUnitsMax}) are the caller's to hold. */
  constructor(pattern: string) {
    this.literalPrefix = pattern.slice(0, Math.max(0, pattern.search(/[*?]|$/)));
    // "docs/**" matches "docs" too, which the text before the star does not begin.
    if (pattern.startsWith(`${this.literalPrefix}**`)) this.literalPrefix = this.literalPrefix.replace(/\/$/, "");
    // Neighbours of two stars mean the same as one of them.
    this.#names = pattern.split("/").filter((name, index, all) => name !== "**" || all[index - 1] !== "**");
  }

  /** Says whether a path matches. */
  matches(path: string): boolean {
    const names = path.split("/");
    /** Whether the names up to `index` match the part of the pattern seen so far. */
    let reached = new Array<boolean>(names.length + 1).fill(false);
    reached[0] = true;
    for (const wanted of this.#names) {
      const next = new Array<boolean>(names.length + 1).fill(false);
      for (let index = 0; index <= names.length; index++) {
        next[index] = wanted === "**"
          ? reached[index]! || (index > 0 && next[index - 1]!)
          : index > 0 && reached[index - 1]! && nameMatches(names[index - 1]!, wanted);
      }
      reached = next;
    }
    return reached[names.length]!;
  }
}

/** Matches one name, going back to the last star only. */
function nameMatches(name: string, pattern: string): boolean {
  let at = 0;
  let want = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    if (pattern[want] === "*") {
      star = want++;
      starAt = at;
    } else if (want < pattern.length && (pattern[want] === "?" || pattern[want] === name[at])) {
      want++;
      at++;
    } else if (star >= 0) {
      want = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (pattern[want] === "*") want++;
  return want === pattern.length;
}

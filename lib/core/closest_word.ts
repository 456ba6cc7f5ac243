/** How many letters a word may be away from the one that is meant. */
const editsMax = 2;

/**
 * Finds the word that was probably meant: one that begins with it or that it begins with, or the first of those that are
 * at most two letters away.
 *
 * @example
 * ```ts
 * import { closestWord } from "./closest_word.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(closestWord("remtoe", ["space", "remote"]), "remote");
 * assertEquals(closestWord("colour", ["space", "remote"]), undefined);
 * ```
 */
export function closestWord(word: string, known: readonly string[]): string | undefined {
  const isNear = (other: string): boolean => editDistance(other, word) <= editsMax;
  return known.find((other) => other.startsWith(word) || word.startsWith(other)) ?? known.find(isNear);
}

/**
 * How many letters to insert, delete or replace to get from one word to the other (Levenshtein).
 *
 * @example
 * ```ts
 * import { editDistance } from "./closest_word.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(editDistance("kitten", "sitting"), 3);
 * ```
 */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** How many edits away a word may be to be meant. */
const editsMax = 2;
/** Longer words are not compared. */
const wordUnitsMax = 32;

/**
 * Finds the word that was probably meant: the nearest one, at most two edits away and less than half of it changed.
 *
 * An edit is a character put in, left out or replaced, or two neighbours swapped (optimal string alignment distance).
 *
 * @example
 * ```ts
 * import { suggest } from "./suggest.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(suggest("verison", ["name", "version"]), "version");
 * assertEquals(suggest("colour", ["name", "version"]), undefined);
 * ```
 */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (word.length > wordUnitsMax) return undefined;
  const lower = word.toLowerCase().replaceAll("-", "_");
  let best: string | undefined;
  let bestEdits = editsMax + 1;
  for (const candidate of known) {
    const edits = editDistance(lower, candidate);
    if (edits < bestEdits && edits * 2 < candidate.length) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, at(beforeLast, j - 2) + 1);
      row.push(edits);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}

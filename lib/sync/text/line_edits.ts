import { diffArrays } from "diff";

/**
 * The most lines by which two texts may differ to be compared line by line. The time that takes grows with the lines
 * times the differences: this many take a second or so.
 */
export const changedLinesMax = 5_000;

/** One place where a text differs from its base: lines of the base, and what stands there instead. */
export interface LineEdit {
  /** The first line of the base that is replaced, from 0; with `end` equal to it, `lines` are put in before it. */
  readonly start: number;
  /** The first line of the base behind it that is kept. */
  readonly end: number;
  /** What stands there instead. */
  readonly lines: readonly string[];
}

/**
 * Finds the shortest way from one text to another (Myers, "An O(ND) Difference Algorithm and Its Variations", 1986).
 *
 * @returns The edits in the order of lines, at least one kept line between two; `undefined` if the texts differ by more
 * than {@linkcode changedLinesMax} lines.
 */
export function lineEdits(base: string[], side: string[]): LineEdit[] | undefined {
  const runs = diffArrays(base, side, { maxEditLength: changedLinesMax });
  if (runs === undefined) return undefined;
  const edits: LineEdit[] = [];
  let line = 0;
  let open: { start: number; lines: string[] } | undefined;
  for (const { added, removed, value } of runs) {
    if (added || removed) {
      open ??= { start: line, lines: [] };
      if (added) open.lines = open.lines.concat(value);
      else line += value.length;
      continue;
    }
    if (open !== undefined) edits.push({ ...open, end: line });
    open = undefined;
    line += value.length;
  }
  if (open !== undefined) edits.push({ ...open, end: line });
  return edits;
}

import type { Problem, ProblemCode } from "./problem.ts";

/** A place in a text. */
export interface Position {
  /** Line, from 1. Lines end with LF or CR LF. */
  readonly line: number;
  /** Column in UTF-16 code units, from 1. */
  readonly column: number;
  /** Offset in UTF-16 code units, from 0. */
  readonly offset: number;
}

/** One mistake with its place, fit for people and for editors. */
export interface Diagnostic extends Position {
  /** Which kind of mistake. */
  readonly code: ProblemCode;
  /** What is wrong, as a sentence without a full stop. */
  readonly message: string;
  /** How many UTF-16 code units it concerns; 0 where something is missing. */
  readonly length: number;
  /** What would have been right there. */
  readonly expected?: string;
  /** What to do. */
  readonly hint?: string;
  /** An earlier place that this one contradicts. */
  readonly related?: Position;
}

/**
 * Turns offsets into lines and columns.
 *
 * @param text The text that was read.
 * @param problems What was found in it.
 * @returns One diagnostic a problem, in the same order.
 */
export function diagnostics(text: string, problems: readonly Problem[]): Diagnostic[] {
  if (problems.length === 0) return [];
  const starts = lineStarts(text);
  return problems.map(({ start, end, related, ...rest }) => ({
    ...rest,
    ...positionIn(starts, start),
    length: end - start,
    ...(related === undefined ? {} : { related: positionIn(starts, related) }),
  }));
}

/** The offsets at which lines begin. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Finds the line of an offset by halving. */
function positionIn(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? Infinity) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1, offset };
}

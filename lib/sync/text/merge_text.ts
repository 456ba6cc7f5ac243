import { err, ok, type Result } from "../../core/mod.ts";
import { type LineEdit, lineEdits } from "./line_edits.ts";
import { decodeText, splitLines } from "./text_lines.ts";

/** The three versions of a file that a merge takes. */
export interface TextVersions {
  /** What both sides started from. */
  readonly base: Uint8Array;
  /** What one side made of it. */
  readonly ours: Uint8Array;
  /** What the other side made of it. */
  readonly theirs: Uint8Array;
}

/** Why texts were not merged. */
export interface MergeProblem {
  /**
   * - `overlap`: both sides changed the same lines, or lines next to each other, and not alike.
   * - `binary`: one of the versions holds NUL or is not UTF-8.
   * - `too_large`: one of the versions is too long, or differs too much from the base, to be compared line by line.
   */
  readonly reason: "overlap" | "binary" | "too_large";
}

/**
 * Joins what two sides made of one text, line by line (diff3). Lines that only one side changed become what that side
 * made of them; lines that both changed alike are changed once. The result never holds conflict markers, and is the same
 * whichever side is called ours.
 *
 * @returns The merged bytes, or why there are none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mergeText } from "./merge_text.ts";
 * const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
 * const merged = mergeText({ base: bytes("a\nb\nc\n"), ours: bytes("A\nb\nc\n"), theirs: bytes("a\nb\nC") });
 * assertEquals(merged, { ok: true, value: bytes("A\nb\nC") });
 * ```
 */
export function mergeText(versions: TextVersions): Result<Uint8Array, MergeProblem> {
  const [base, ours, theirs] = [decodeText(versions.base), decodeText(versions.ours), decodeText(versions.theirs)];
  if (!base.ok) return err({ reason: base.error });
  if (!ours.ok) return err({ reason: ours.error });
  if (!theirs.ok) return err({ reason: theirs.error });
  const lines = splitLines(base.value);
  const ourEdits = lineEdits(lines, splitLines(ours.value));
  const theirEdits = lineEdits(lines, splitLines(theirs.value));
  if (ourEdits === undefined || theirEdits === undefined) return err({ reason: "too_large" });
  const edits = joinEdits(lines, ourEdits, theirEdits);
  if (edits === undefined) return err({ reason: "overlap" });
  return ok(new TextEncoder().encode(applyEdits({ start: 0, end: lines.length }, lines, edits).join("")));
}

/** A range of lines of the base: from `start` up to, and without, `end`. */
interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** Joins the edits of both sides into one list, or finds that they overlap. */
function joinEdits(base: string[], ours: readonly LineEdit[], theirs: readonly LineEdit[]): LineEdit[] | undefined {
  const joined: LineEdit[] = [];
  const [left, right] = [[...ours].reverse(), [...theirs].reverse()];
  for (let range = nextRange(left, right); range !== undefined; range = nextRange(left, right)) {
    const [mine, other]: [LineEdit[], LineEdit[]] = [[], []];
    // Edits that touch belong together: which of them comes first cannot be known.
    for (let grown = true; grown;) {
      grown = false;
      for (const [from, into] of [[left, mine], [right, other]] as const) {
        const edit = from.at(-1);
        if (edit === undefined || edit.start > range.end) continue;
        into.push(edit);
        from.pop();
        range = { start: range.start, end: Math.max(range.end, edit.end) };
        grown = true;
      }
    }
    const lines = applyEdits(range, base, mine.length === 0 ? other : mine);
    if (mine.length > 0 && other.length > 0 && !sameLines(lines, applyEdits(range, base, other))) return undefined;
    joined.push({ ...range, lines });
  }
  return joined;
}

/** Where the next edit of either side lies. */
function nextRange(left: readonly LineEdit[], right: readonly LineEdit[]): LineRange | undefined {
  const [a, b] = [left.at(-1), right.at(-1)];
  if (a === undefined || b === undefined) return a ?? b;
  return a.start <= b.start ? a : b;
}

/** The lines of a range of the base after edits inside it. */
function applyEdits(range: LineRange, base: readonly string[], edits: readonly LineEdit[]): string[] {
  const lines: string[] = [];
  let line = range.start;
  for (const edit of edits) {
    for (; line < edit.start; line++) lines.push(base[line]!);
    for (const put of edit.lines) lines.push(put);
    line = edit.end;
  }
  for (; line < range.end; line++) lines.push(base[line]!);
  return lines;
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}

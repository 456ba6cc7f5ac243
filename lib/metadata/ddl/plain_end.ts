import { isPrintableAt } from "./characters.ts";
import { isBlankAt, isLineEndAt } from "./lines.ts";
import type { ProblemList } from "./problem.ts";
import { addUnprintable } from "./quoted_scalar.ts";

/**
 * Finds the end of a value without quotes: the end of its line, or a comment.
 *
 * ```ebnf
 * words = first , { printable - ( ": " | " #" ) } ;     (* no ":" at its end *)
 * ```
 *
 * @param source The whole text.
 * @param start Offset of the first character, which is no space.
 * @param problems Where mistakes go.
 * @returns The offset behind its last character that is no space, or -1 after a mistake.
 */
export function plainEnd(source: string, start: number, problems: ProblemList): number {
  let end = start;
  for (let at = start; at < source.length; at++) {
    const unit = source.charCodeAt(at);
    if (unit === 0x20) continue;
    if (unit === 0x23 && at > end) break;
    if (unit === 0x3a && isBlankAt(source, at + 1)) {
      const hint = "Put the value in quotes";
      problems.add({ code: "plain-text", message: "A colon ends a word of the value", start: at, end: at + 1, hint });
      return -1;
    }
    if (unit < 0x20 || unit >= 0x7f) {
      if (isLineEndAt(source, at)) break;
      if (!isPrintableAt(source, at)) {
        addUnprintable(source, at, problems);
        return -1;
      }
    }
    end = at + 1;
  }
  return end;
}

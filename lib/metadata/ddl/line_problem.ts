import { isPrintableAt } from "./characters.ts";
import { keyUnitsMax } from "./limits.ts";
import type { Problem, ProblemList } from "./problem.ts";
import { addUnprintable } from "./quoted_scalar.ts";
import { refusal } from "./refusal.ts";

/**
 * Reports why a line can begin neither an item nor a key.
 *
 * @param source The whole text.
 * @param line The offsets of the line's first character that is no space, and of its end.
 * @param problems Where the mistake goes.
 */
export function addLineProblem(source: string, line: Pick<Problem, "start" | "end">, problems: ProblemList): void {
  const { start, end } = line;
  const refused = refusal(source.charAt(start));
  if (refused !== undefined) return problems.add({ ...refused, start, end: start + 1 });
  const seen = Math.min(end, start + keyUnitsMax);
  for (let at = start; at < seen; at++) {
    if (!isPrintableAt(source, at)) return void addUnprintable(source, at, problems);
  }
  problems.add({
    code: "key",
    message: "The line has no key",
    start,
    end,
    expected: '"key:" or "- "',
    hint: keyHint(source.slice(start, seen)),
  });
}

function keyHint(line: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_-]*(?::(?=\S)| +:)/.test(line)) {
    return "Write the colon right behind the key, and a space behind the colon";
  }
  if (line.includes(": ") || line.endsWith(":")) {
    return "Make the key of letters, digits, _ and -, beginning with a letter, or put it in quotes";
  }
  return "Write the value on the line of its key; a text goes on one line";
}

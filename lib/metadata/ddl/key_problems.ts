import type { Entry, MappingNode } from "./ast.ts";
import type { ProblemList } from "./problem.ts";
import { suggest } from "./suggest.ts";

/** Reports a key that has no meaning where it stands, with the one that was probably meant. */
export function addUnknown(entry: Entry, known: readonly string[], problems: ProblemList): void {
  const meant = suggest(entry.key, known);
  problems.add({
    code: "unknown-key",
    message: `The key ${JSON.stringify(entry.key)} is unknown`,
    start: entry.start,
    end: entry.end,
    expected: `one of ${known.join(", ")}`,
    ...(meant && { hint: `Did you mean "${meant}"?` }),
  });
}

/**
 * Reports the keys that a mapping must have and has not; not of one whose lines could not all be read, and not a key that
 * is there under a misspelt name, because that is reported as such.
 */
export function addMissing(mapping: MappingNode, required: readonly string[], problems: ProblemList): void {
  if (mapping.damaged) return;
  for (const key of required) {
    if (mapping.entries.some((entry) => entry.key === key || suggest(entry.key, [key]) !== undefined)) continue;
    const first = mapping.entries[0] ?? mapping;
    const message = `The key "${key}" is missing`;
    const hint = `Add a line "${key}: ..." to this block`;
    problems.add({ code: "missing-key", message, start: first.start, end: first.end, hint });
  }
}

import { parseTimestamp } from "../metadata/ddl/mod.ts";
import { HttpError } from "../network/mod.ts";
import type { Moment, MomentProblem } from "../sync/service/mod.ts";

/** A moment from a request: a revision by its number, or a time; throws a 400 if it is neither. */
export function momentOf(value: unknown): Moment {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return { revision: value };
  if (typeof value === "string") {
    if (/^\d{1,15}$/.test(value)) return { revision: Number(value) };
    const atMs = parseTimestamp(value);
    if (atMs !== undefined) return { atMs };
  }
  throw new HttpError(400, `Not a moment: ${JSON.stringify(value) ?? "nothing"}`, {
    extensions: { hint: "Give the number of a revision, or a time such as 2026-01-31T12:00:00Z" },
  });
}

/** Tells why a moment names no state of a space. */
export function momentError(problem: MomentProblem, space: string): HttpError {
  if (problem.reason === "no_revision") {
    return new HttpError(404, `The space ${JSON.stringify(space)} has no revision ${problem.revision}`, {
      extensions: { hint: `Its revisions are 1 to ${problem.head}`, head: problem.head },
    });
  }
  const { atMs, firstMs } = problem;
  const hint = firstMs === undefined ? "It holds nothing yet" : `Its first revision is of ${time(firstMs)}`;
  return new HttpError(404, `The space ${JSON.stringify(space)} had no revision yet at ${time(atMs)}`, {
    extensions: { hint },
  });
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}

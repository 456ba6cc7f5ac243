import { Failure } from "../lib/core/mod.ts";
import { units } from "./moment.ts";

/**
 * Reads a length of time: `45s`, `30m`, `2h`, `3d`, `1w`, or `0`; a day is 24 hours.
 *
 * @param name The option it is the value of.
 * @returns Milliseconds.
 * @throws {Failure} kind `usage` for anything else.
 */
export function parseDuration(text: string, name: string): number {
  if (text === "0") return 0;
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const length = Object.entries(units).find(([letter]) => letter === unit)?.[1];
  if (length !== undefined) return Number(count) * length;
  throw new Failure("usage", `--${name} needs a length of time, got "${text}"`, {
    hint: "Write 45s, 30m, 2h, 3d or 1w, or 0",
  });
}

/** A length of time as {@linkcode parseDuration} reads it, in the largest unit that fits. */
export function formatDuration(ms: number): string {
  const [unit, length] = Object.entries(units).findLast(([, length]) => ms > 0 && ms % length === 0) ?? ["ms", 1];
  return ms === 0 ? "0" : `${ms / length}${unit}`;
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Reads a length of time as people write it: numbers with the units `ms`, `s`, `m`, `h`, `d` and `w`, from the largest to
 * the smallest (`2h`, `90d`, `1h30m`, `1.5s`). A plain `0` needs no unit; every other number does, for nobody could say
 * what `5` is.
 *
 * @returns Milliseconds, rounded to whole ones; `undefined` if it is no length of time, or one of more than 2^53 ms.
 *
 * @example
 * ```ts
 * import { parseDuration } from "./parse_duration.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseDuration("1h30m"), 5_400_000);
 * assertEquals(parseDuration("soon"), undefined);
 * ```
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "0") return 0;
  if (!/^(?:\d{1,15}(?:\.\d{1,6})?(?:ms|[smhdw]))+$/.test(trimmed)) return undefined;
  let total = 0;
  let lastUnit = Infinity;
  for (const [, number, unit] of trimmed.matchAll(/([\d.]+)([a-z]+)/g)) {
    const size = unitMs[unit!]!;
    // `30m1h` and `1h1h` are slips rather than lengths.
    if (size >= lastUnit) return undefined;
    lastUnit = size;
    total += Number(number) * size;
  }
  const ms = Math.round(total);
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/**
 * Writes a length of time as {@linkcode parseDuration} reads it, in the fewest units that say it exactly.
 *
 * @param ms A whole number of milliseconds, not negative.
 *
 * @example
 * ```ts
 * import { formatDuration } from "./parse_duration.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(formatDuration(5_400_000), "1h30m");
 * ```
 */
export function formatDuration(ms: number): string {
  let rest = ms;
  let text = "";
  // Weeks are read, and not written: `90d` is easier to take in than `12w6d`.
  for (const unit of ["d", "h", "m", "s", "ms"]) {
    const count = Math.floor(rest / unitMs[unit]!);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs[unit]!;
  }
  return text === "" ? "0" : text;
}

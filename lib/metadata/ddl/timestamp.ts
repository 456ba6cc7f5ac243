const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?(?:Z|([+-])(\d\d):(\d\d))$/;

/**
 * Reads a time as RFC 3339 writes it, to the millisecond: `2024-01-15T10:30:00Z`, `2024-01-15T11:30:00.250+01:00`.
 *
 * Stricter than the RFC where YAML parsers would read something else or nothing: `T` and `Z` in upper case, at most three
 * digits of fraction, no leap second, a date that exists, and no year before 100 (JavaScript takes those for 19xx).
 *
 * @returns Milliseconds since 1970-01-01T00:00:00Z, or `undefined` if the text is no such time.
 *
 * @example
 * ```ts
 * import { parseTimestamp } from "./timestamp.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseTimestamp("1970-01-01T01:00:00.5+01:00"), 500);
 * assertEquals(parseTimestamp("2023-02-29T00:00:00Z"), undefined);
 * ```
 */
export function parseTimestamp(text: string): number | undefined {
  if (text.length === 20 && text.charCodeAt(19) === 0x5a) return parseSeconds(text, 0);
  const match = form.exec(text);
  if (match === null) return undefined;
  const seconds = parseSeconds(text, 0);
  const [fraction = "", sign, hours = "0", minutes = "0"] = match.slice(7);
  if (seconds === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return seconds + Number(fraction.padEnd(3, "0")) + (sign === "-" ? offsetMs : -offsetMs);
}

/** The earliest and the latest time that {@linkcode formatTimestamp} can write. */
export const timestampMsMin = Date.UTC(100, 0, 1);
/** The latest time that {@linkcode formatTimestamp} can write. */
export const timestampMsMax = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Writes a time as RFC 3339 does, in UTC, with milliseconds only where there are any.
 *
 * @param ms Milliseconds since 1970-01-01T00:00:00Z, between `timestampMsMin` and `timestampMsMax`.
 */
export function formatTimestamp(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

/** Reads `YYYY-MM-DDThh:mm:ss` at an offset. */
function parseSeconds(text: string, at: number): number | undefined {
  if (
    text.charCodeAt(at + 4) !== 0x2d || text.charCodeAt(at + 7) !== 0x2d || text.charCodeAt(at + 10) !== 0x54 ||
    text.charCodeAt(at + 13) !== 0x3a || text.charCodeAt(at + 16) !== 0x3a
  ) return undefined;
  const year = twoDigits(text, at) * 100 + twoDigits(text, at + 2);
  const month = twoDigits(text, at + 5);
  const day = twoDigits(text, at + 8);
  const hour = twoDigits(text, at + 11);
  const minute = twoDigits(text, at + 14);
  const second = twoDigits(text, at + 17);
  if (!(year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return undefined;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Reads two digits; not a number where there are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

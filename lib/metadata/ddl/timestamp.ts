import { type FileTime, fileTime } from "../file_time.ts";

const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

/**
 * Reads a time as RFC 3339 writes it: `2024-01-15T10:30:00Z`, `2024-01-15T11:30:00.250+01:00`. What is finer than a
 * millisecond is cut off, which gives the millisecond before.
 *
 * Stricter than the RFC where YAML parsers would read something else or nothing: `T` and `Z` in upper case, at most nine
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
  if (text.length === 20 && text.charCodeAt(19) === 0x5a) return parseSeconds(text);
  const match = form.exec(text);
  if (match === null) return undefined;
  const seconds = parseSeconds(text);
  const [fraction = "", sign, hours = "0", minutes = "0"] = match.slice(7);
  if (seconds === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return seconds + Number(fraction.slice(0, 3).padEnd(3, "0")) + (sign === "-" ? offsetMs : -offsetMs);
}

/** Reads a time as {@linkcode parseTimestamp} does, to the nanosecond. */
export function parseFileTime(text: string): FileTime | undefined {
  const mtimeMs = parseTimestamp(text);
  return mtimeMs === undefined ? undefined : fileTime(mtimeMs, restOfTimestamp(text));
}

/** The nanoseconds after the milliseconds of a text that is a time. */
export function restOfTimestamp(text: string): number {
  if (text.charCodeAt(19) !== 0x2e) return 0;
  let restNs = 0;
  let end = 20;
  for (let digit = digitAt(text, end); digit >= 0; digit = digitAt(text, ++end)) {
    if (end >= 23) restNs = restNs * 10 + digit;
  }
  return end <= 23 ? 0 : restNs * 10 ** (29 - end);
}

/** The earliest and the latest time that {@linkcode formatTimestamp} can write. */
export const timestampMsMin = Date.UTC(100, 0, 1);
/** The latest time that {@linkcode formatTimestamp} can write. */
export const timestampMsMax = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Writes a time as RFC 3339 does, in UTC: without a fraction, with three digits of it or with nine, the fewest that are
 * enough.
 *
 * @param ms Milliseconds since 1970-01-01T00:00:00Z, between `timestampMsMin` and `timestampMsMax`.
 * @param restNs Nanoseconds after them, 0 to 999,999.
 */
export function formatTimestamp(ms: number, restNs = 0): string {
  const text = new Date(ms).toISOString();
  return restNs === 0 ? text.replace(".000Z", "Z") : `${text.slice(0, -1)}${String(restNs).padStart(6, "0")}Z`;
}

/** Reads the `YYYY-MM-DDThh:mm:ss` that a text begins with. */
function parseSeconds(text: string): number | undefined {
  if (
    text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d || text.charCodeAt(10) !== 0x54 ||
    text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a
  ) return undefined;
  const century = twoDigits(text, 0);
  const yearOfCentury = twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const year = century * 100 + yearOfCentury;
  if (century < 1 || yearOfCentury < 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) {
    return undefined;
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  return (((daysSince1970(year, month) + day - 1) * 24 + hour) * 60 + minute) * 60_000 + second * 1_000;
}

/** Reads two digits; -1 where there are none. */
function twoDigits(text: string, at: number): number {
  const tens = digitAt(text, at);
  const ones = digitAt(text, at + 1);
  return tens >= 0 && ones >= 0 ? tens * 10 + ones : -1;
}

/** Reads a digit; -1 where there is none. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 to the first of a month, in the Gregorian calendar. Years are counted from March on. */
function daysSince1970(year: number, month: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((marchMonth * 153 + 2) / 5) - 719_468;
}

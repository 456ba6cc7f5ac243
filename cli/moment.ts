import { Failure } from "../lib/core/mod.ts";
import { parseTimestamp } from "../lib/metadata/ddl/mod.ts";

/** Lengths of time by the letter that stands for them, in milliseconds, ascending. */
export const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
/** The earliest time that has the same form as all later ones. */
const earliestMs = Date.UTC(1000, 0, 1);
const relativeForm = /^(\d{1,9})([smhdw])(?: ago)?$/;
const absoluteForm = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/**
 * Reads a moment as people write it:
 *
 * - a date, or a date and a time (ISO 8601): local time unless it names a zone; a date alone is its first moment;
 * - how long ago: `45s`, `30m`, `2h`, `3d`, `1w`, with or without `ago`; a day is 24 hours;
 * - a revision by its number.
 *
 * @param nowMs The present, in milliseconds since 1970.
 * @returns The moment as the server takes it: a time in UTC, or a number.
 * @throws {Failure} kind `usage` for anything else.
 */
export function parseMoment(text: string, nowMs: number): string {
  if (/^\d{1,15}$/.test(text)) return text;
  const atMs = relativeMs(text, nowMs) ?? absoluteMs(text);
  if (atMs !== undefined && atMs >= earliestMs) return new Date(atMs).toISOString();
  throw new Failure("usage", `"${text}" is not a time`, {
    hint: "Write 2026-01-31, 2026-01-31T12:00, 2h or 3d (ago), or the number of a revision",
  });
}

function relativeMs(text: string, nowMs: number): number | undefined {
  const [, count, unit] = relativeForm.exec(text) ?? [];
  return unit === undefined ? undefined : nowMs - Number(count) * units[unit as keyof typeof units];
}

function absoluteMs(text: string): number | undefined {
  const match = absoluteForm.exec(text);
  if (match === null) return undefined;
  const [, date, time = "00:00", seconds = "00", fraction = "0", zone] = match;
  const plain = `${date}T${time}:${seconds}.${fraction}`;
  // Whether such a date and time exist is the same in every zone.
  const utcMs = parseTimestamp(`${plain}Z`);
  if (utcMs === undefined) return undefined;
  if (zone !== undefined) return parseTimestamp(plain + fullZone(zone));
  return new Date(plain).getTime();
}

/** A zone as RFC 3339 writes it: `Z`, `+01:00`. */
function fullZone(zone: string): string {
  if (zone.toUpperCase() === "Z") return "Z";
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

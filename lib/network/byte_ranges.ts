import { parseContentLength, trimBlanks } from "./grammar.ts";

/** A part of some content. */
export interface ByteRange {
  /** First byte. */
  readonly start: number;
  /** How many bytes; at least one. */
  readonly length: number;
}

/** More ranges than this in one request are refused (RFC 9110 section 14.2, on denial of service). */
export const rangesMax = 16;

/**
 * Reads `Range: bytes=...` (RFC 9110 section 14.1.2) for content of `size` bytes.
 *
 * @returns The ranges that can be sent, in the order asked for; empty if none can, which is answered 416; `undefined`
 * if the field is to be ignored: another unit, or not the grammar.
 */
export function parseByteRanges(value: string, size: number): readonly ByteRange[] | undefined {
  if (value.slice(0, 6).toLowerCase() !== "bytes=") return undefined;
  const ranges: ByteRange[] = [];
  const members = value.slice(6).split(",").map(trimBlanks).filter((member) => member !== "");
  if (members.length === 0) return undefined;
  for (const member of members) {
    const range = parseRange(member, size);
    if (range === undefined) return undefined;
    if (range.length > 0) ranges.push(range);
  }
  return ranges.length > rangesMax || overlaps(ranges) ? [] : ranges;
}

/** `int-range / suffix-range`; a length of 0 says that it lies outside of the content. */
function parseRange(text: string, size: number): ByteRange | undefined {
  const dash = text.indexOf("-");
  if (dash < 0) return undefined;
  const first = text.slice(0, dash);
  const last = text.slice(dash + 1);
  if (first === "") {
    const count = parseContentLength(last);
    return count === undefined ? undefined : { start: Math.max(0, size - count), length: Math.min(size, count) };
  }
  const start = parseContentLength(first);
  const end = last === "" ? size - 1 : parseContentLength(last);
  if (start === undefined || end === undefined || (last !== "" && end < start)) return undefined;
  return { start, length: start >= size ? 0 : Math.min(end, size - 1) - start + 1 };
}

/** Ranges that overlap ask for more than there is; no reader needs them. */
function overlaps(ranges: readonly ByteRange[]): boolean {
  const sorted = ranges.toSorted((a, b) => a.start - b.start);
  return sorted.some((range, i) => i > 0 && sorted[i - 1]!.start + sorted[i - 1]!.length > range.start);
}

import type { ByteRange } from "./byte_ranges.ts";
import type { FileBody } from "./file_body.ts";

/** A part of some content; a view, or a part over the same open file. */
export function contentPart(body: Uint8Array | FileBody, range: ByteRange): Uint8Array | FileBody {
  const { start, length } = range;
  return body instanceof Uint8Array ? body.subarray(start, start + length) : body.slice(start, length);
}

/** `Content-Range = range-unit SP first-pos "-" last-pos "/" complete-length` (RFC 9110 section 14.4). */
export function contentRange(range: ByteRange, size: number): string {
  return `bytes ${range.start}-${range.start + range.length - 1}/${size}`;
}

import type { ByteRange } from "./byte_ranges.ts";
import type { FileBody } from "./file_body.ts";

/** Content of which any part can be had, from wherever it is kept. */
export interface ContentSource {
  /** How many bytes there are. */
  readonly length: number;
  /** The bytes of a part, piece by piece; a piece is valid until the next step. */
  slice(offset: number, length: number): AsyncIterable<Uint8Array>;
}

/** A part of some content; a view, a part over the same open file, or pieces of a source. */
export function contentPart(
  body: Uint8Array | FileBody | ContentSource,
  range: ByteRange,
): Uint8Array | FileBody | AsyncIterable<Uint8Array> {
  const { start, length } = range;
  return body instanceof Uint8Array ? body.subarray(start, start + length) : body.slice(start, length);
}

/** `Content-Range = range-unit SP first-pos "-" last-pos "/" complete-length` (RFC 9110 section 14.4). */
export function contentRange(range: ByteRange, size: number): string {
  return `bytes ${range.start}-${range.start + range.length - 1}/${size}`;
}

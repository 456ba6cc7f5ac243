import type { ByteRange } from "./byte_ranges.ts";
import { contentPart, contentRange, type ContentSource } from "./content_part.ts";
import { FileBody } from "./file_body.ts";
import { ownedPieces } from "./owned_pieces.ts";

/** What {@linkcode multipartRanges} sends of some content. */
export interface MultipartRangesOptions {
  readonly ranges: readonly ByteRange[];
  /** Media type of the content. */
  readonly contentType: string;
}

/** Several ranges as one body. */
export interface MultipartRanges {
  /** `multipart/byteranges` with the boundary. */
  readonly contentType: string;
  /** Bytes of the body. */
  readonly length: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** Puts several ranges of some content into one body (RFC 9110 section 14.6). */
export function multipartRanges(
  body: Uint8Array | FileBody | ContentSource,
  options: MultipartRangesOptions,
): MultipartRanges {
  const { ranges, contentType } = options;
  const boundary = crypto.randomUUID();
  const encoder = new TextEncoder();
  const heads = ranges.map((range, i) =>
    encoder.encode(
      `${i === 0 ? "" : "\r\n"}--${boundary}\r\nContent-Type: ${contentType}\r\n` +
        `Content-Range: ${contentRange(range, body.length)}\r\n\r\n`,
    )
  );
  const end = encoder.encode(`\r\n--${boundary}--\r\n`);
  const length = ranges.reduce((sum, range, i) => sum + heads[i]!.length + range.length, end.length);
  const parts = pieces();
  return {
    contentType: `multipart/byteranges; boundary=${boundary}`,
    length,
    pieces: body instanceof FileBody ? ownedPieces(parts, body) : parts,
  };

  async function* pieces(): AsyncGenerator<Uint8Array, void, void> {
    for (const [i, range] of ranges.entries()) {
      yield heads[i]!;
      const part = contentPart(body, range);
      if (part instanceof Uint8Array) yield part;
      else yield* part;
    }
    yield end;
  }
}

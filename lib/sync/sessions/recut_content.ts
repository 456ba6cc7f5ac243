import { type Hash, sha256, startSha256 } from "../../core/mod.ts";
import { type ChunkRef, Manifest } from "../../metadata/mod.ts";
import { chunkBytesMax, FrameBuilder } from "../../storage/mod.ts";
import { findBoundary } from "../chunker.ts";

/** A content, cut as every client cuts it. */
export interface CutContent {
  /** Its chunk list. */
  readonly manifest: Manifest;
  /** The SHA-256 of all its bytes. */
  readonly hash: Hash;
}

/** How many bytes are gathered before chunks are cut from them. */
const bufferBytes = 1024 * 1024;

if (bufferBytes < 2 * chunkBytesMax) throw new RangeError("A buffer takes a piece beside what is left of a chunk");

/**
 * Cuts a content that comes in pieces into the chunks that the chunker makes of it, so that it has the name that it would
 * have from any client. Memory is bounded: one buffer, and the frame that is being filled.
 *
 * @param source The bytes in order, in pieces of any size; each need only be valid until the next is asked for.
 * @param keep Takes frames with all chunks in order.
 */
export async function recutContent(
  source: AsyncIterable<Uint8Array>,
  keep: (frame: Uint8Array<ArrayBuffer>) => Promise<void>,
): Promise<CutContent> {
  const whole = startSha256();
  const chunks: ChunkRef[] = [];
  const frames = new FrameBuilder();
  const buffer = new Uint8Array(bufferBytes);
  let filled = 0;
  const cut = async (enough: number): Promise<void> => {
    let start = 0;
    while (filled - start >= enough) {
      const end = findBoundary(buffer, start, filled);
      const chunk = buffer.subarray(start, end);
      chunks.push({ hash: sha256(chunk), length: chunk.length });
      const frame = frames.add(chunk);
      if (frame !== undefined) await keep(frame);
      start = end;
    }
    buffer.copyWithin(0, start, filled);
    filled -= start;
  };
  for await (const piece of source) {
    whole.update(piece);
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + buffer.length - filled);
      buffer.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === buffer.length) await cut(chunkBytesMax);
    }
  }
  await cut(1);
  const last = frames.finish();
  if (last !== undefined) await keep(last);
  return { manifest: Manifest.of(chunks), hash: whole.digest() };
}

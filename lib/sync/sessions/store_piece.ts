import { Failure, sha256 } from "../../core/mod.ts";
import { Manifest } from "../../metadata/mod.ts";
import { chunkBytesMax, type ChunkStore, encodeFrame } from "../../storage/mod.ts";

/**
 * Stores a piece of an upload as chunks, durably; what is stored already stays as it is.
 *
 * @returns The chunks it was stored as.
 */
export async function storePiece(chunks: ChunkStore, bytes: Uint8Array): Promise<Manifest> {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytesMax) parts.push(bytes.subarray(at, at + chunkBytesMax));
  const manifest = Manifest.of(parts.map((part) => ({ hash: sha256(part), length: part.length })));
  const lacking = new Set(await chunks.lacking(manifest.hashes()));
  if (lacking.size > 0) {
    const lost = parts.filter((_part, index) => lacking.has(manifest.hash(index)));
    await keepFrames(chunks, lost.values().map((part) => encodeFrame(part, [part.length])));
    await chunks.sync();
  }
  return manifest;
}

/** Keeps frames that this process made. */
export async function keepFrames(chunks: ChunkStore, frames: Iterable<Uint8Array>): Promise<void> {
  const kept = await chunks.putFrames(ReadableStream.from(frames));
  if (!kept.ok) throw new Failure("corrupt", `A frame was refused that was just made: ${kept.error.message}`);
}

import { Failure, type Hash } from "../../core/mod.ts";
import type { ChunkStore } from "../../storage/mod.ts";

/** So many bytes are dealt with before other requests get their turn. */
const turnBytes: number = 512 * 1024;

/**
 * Reads chunks for a delta, one after another. Others get their turn meanwhile, which is counted by what was read, so
 * that it is also so for what is done with a chunk before the next one is asked for.
 *
 * @param hashes Which ones.
 * @param bytesMax How many bytes of them are read at most; further ones count as not stored.
 * @returns Their bytes in order; `undefined` for one that is not stored, or damaged, which is then sent whole.
 */
export async function* eachForDelta(
  chunks: ChunkStore,
  hashes: readonly Hash[],
  bytesMax: number,
): AsyncGenerator<Uint8Array<ArrayBuffer> | undefined> {
  let [bytes, turn] = [0, 0];
  for (const hash of hashes) {
    const chunk = bytes < bytesMax ? await getWhole(chunks, hash) : undefined;
    bytes += chunk?.length ?? 0;
    yield bytes <= bytesMax ? chunk : undefined;
    turn += chunk?.length ?? 0;
    if (turn < turnBytes) continue;
    turn = 0;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** As {@linkcode eachForDelta}, all at once. */
export function readForDelta(
  chunks: ChunkStore,
  hashes: readonly Hash[],
  bytesMax: number,
): Promise<(Uint8Array<ArrayBuffer> | undefined)[]> {
  return Array.fromAsync(eachForDelta(chunks, hashes, bytesMax));
}

async function getWhole(chunks: ChunkStore, hash: Hash): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await chunks.get(hash);
  } catch (cause) {
    if (cause instanceof Failure && cause.kind === "corrupt") return undefined;
    throw cause;
  }
}

/** Says whether no chunk is missing. Where one is, the units of those behind it cannot be counted. */
export function isWhole<Chunk>(chunks: readonly (Chunk | undefined)[]): chunks is readonly Chunk[] {
  return !chunks.includes(undefined);
}

/** Puts chunks one behind the other. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

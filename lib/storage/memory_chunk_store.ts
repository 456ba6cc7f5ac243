import { Failure, formatHash, type Hash, ok, type Result, sha256 } from "../core/mod.ts";
import type { ChunkDamage, ChunkStore, ChunkStoreStats, PutOptions, PutReceipt } from "./chunk_store.ts";
import type { FrameError } from "./frame.ts";
import { FrameBuilder } from "./frame_builder.ts";
import { FrameMemory } from "./frame_memory.ts";
import { namedBatches } from "./named_batches.ts";

/** Holds chunks in memory, for tests and for trying things out: `sync` has nothing to do. */
export class MemoryChunkStore implements ChunkStore {
  readonly #chunks = new Map<Hash, Uint8Array<ArrayBuffer>>();

  lacking(hashes: Iterable<Hash>): Promise<Hash[]> {
    return Promise.resolve([...new Set(hashes)].filter((hash) => !this.#chunks.has(hash)));
  }

  async putFrames(
    source: AsyncIterable<Uint8Array>,
    { onFrame }: PutOptions = {},
  ): Promise<Result<PutReceipt, FrameError>> {
    let chunks = 0;
    let added = 0;
    for await (const batch of namedBatches(source, new FrameMemory())) {
      if (!batch.ok) return batch;
      for (const { bytes, unpacked, hashes } of batch.value) {
        chunks += hashes.length;
        for (const [position, hash] of hashes.entries()) if (this.#put(hash, unpacked.chunk(position))) added++;
        onFrame?.({ frame: bytes, hashes });
      }
    }
    return ok({ chunks, added });
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  get(hash: Hash): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return Promise.resolve(this.#chunks.get(hash)?.slice());
  }

  async *frames(hashes: readonly Hash[]): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    const builder = new FrameBuilder();
    for (const hash of hashes) {
      const chunk = this.#chunks.get(hash);
      if (chunk === undefined) throw new Failure("not_found", `Chunk ${formatHash(hash)} is not stored`);
      const frame = builder.add(chunk);
      if (frame !== undefined) yield frame;
    }
    const last = builder.finish();
    if (last !== undefined) yield last;
  }

  stats(): Promise<ChunkStoreStats> {
    const bytes = this.#chunks.values().reduce((sum, chunk) => sum + chunk.length, 0);
    return Promise.resolve({ chunks: this.#chunks.size, bytes, storedBytes: bytes });
  }

  async *verify(): AsyncGenerator<ChunkDamage, void> {
    for (const [hash, chunk] of this.#chunks) {
      if (sha256(chunk) !== hash) yield { hash, problem: "The bytes in memory are not what they must be" };
    }
  }

  /** Says whether a chunk is new. */
  #put(hash: Hash, chunk: Uint8Array | undefined): boolean {
    if (chunk === undefined || this.#chunks.has(hash)) return false;
    this.#chunks.set(hash, new Uint8Array(chunk));
    return true;
  }

  /** Has nothing to give back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.sync();
  }
}

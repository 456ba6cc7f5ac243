import { Failure, formatHash, type Hash, ok, type Result, sha256 } from "../core/mod.ts";
import type { ChunkDamage, ChunkStore, ChunkStoreStats, FrameReceipt } from "./chunk_store.ts";
import type { FrameError } from "./frame.ts";
import { FrameBuilder } from "./frame_builder.ts";
import { nameFrame } from "./named_frame.ts";

/** Holds chunks in memory, for tests and for trying things out: `sync` has nothing to do. */
export class MemoryChunkStore implements ChunkStore {
  readonly #chunks = new Map<Hash, Uint8Array<ArrayBuffer>>();

  lacking(hashes: Iterable<Hash>): Promise<Hash[]> {
    return Promise.resolve([...new Set(hashes)].filter((hash) => !this.#chunks.has(hash)));
  }

  async putFrame(frame: Uint8Array<ArrayBuffer>): Promise<Result<FrameReceipt, FrameError>> {
    const named = await nameFrame(frame);
    if (!named.ok) return named;
    const { hashes, unpacked } = named.value;
    const before = this.#chunks.size;
    for (const [position, hash] of hashes.entries()) {
      const chunk = unpacked.chunk(position);
      if (chunk !== undefined && !this.#chunks.has(hash)) this.#chunks.set(hash, new Uint8Array(chunk));
    }
    return ok({ hashes, added: this.#chunks.size - before });
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

  /** Has nothing to give back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.sync();
  }
}

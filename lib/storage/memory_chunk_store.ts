import {
  type Clock,
  Failure,
  formatHash,
  type Hash,
  ok,
  type Result,
  RwLock,
  sha256,
  systemClock,
} from "../core/mod.ts";
import type {
  ChunkDamage,
  ChunkStore,
  ChunkStoreStats,
  CollectOptions,
  CollectReceipt,
  LiveChunks,
  PutOptions,
  PutReceipt,
} from "./chunk_store.ts";
import type { FrameError } from "./frame.ts";
import { FrameBuilder } from "./frame_builder.ts";
import { FrameMemory } from "./frame_memory.ts";
import { namedBatches } from "./named_batches.ts";

/** A chunk in memory. */
interface HeldChunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly storedAtMs: number;
  /** When it was found that nothing names it. */
  condemnedAtMs?: number | undefined;
}

/** Holds chunks in memory, for tests and for trying things out: `sync` has nothing to do. */
export class MemoryChunkStore implements ChunkStore {
  readonly #chunks = new Map<Hash, HeldChunk>();
  readonly #clock: Clock;
  /** Read by those who hold the store, written by who waits for them. */
  readonly #gate = new RwLock();

  /**
   * Begins empty.
   *
   * @param clock Tells how old chunks are; the system's unless given.
   */
  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  lacking(hashes: Iterable<Hash>): Promise<Hash[]> {
    return Promise.resolve([...new Set(hashes)].filter((hash) => !this.#stays(hash)));
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
    return Promise.resolve(this.#chunks.get(hash)?.bytes.slice());
  }

  async *frames(hashes: readonly Hash[]): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    const builder = new FrameBuilder();
    for (const hash of hashes) {
      const chunk = this.#chunks.get(hash);
      if (chunk === undefined) throw new Failure("not_found", `Chunk ${formatHash(hash)} is not stored`);
      const frame = builder.add(chunk.bytes);
      if (frame !== undefined) yield frame;
    }
    const last = builder.finish();
    if (last !== undefined) yield last;
  }

  hold(): Promise<Disposable> {
    return this.#gate.read();
  }

  async collect(live: LiveChunks, options: CollectOptions): Promise<CollectReceipt> {
    const { graceMs, dryRun = false, signal } = options;
    signal?.throwIfAborted();
    if (dryRun) return await this.#collectOnce(live, { graceMs, dryRun });
    const first = await this.#collectOnce(live, { graceMs, dryRun });
    if (graceMs > 0) return first;
    const second = await this.#collectOnce(live, { graceMs, dryRun });
    return { ...second, condemned: first.condemned + second.condemned, spared: first.spared + second.spared };
  }

  quarantine(hashes: readonly Hash[]): Promise<Hash[]> {
    const out = [...new Set(hashes)].filter((hash) => {
      const chunk = this.#chunks.get(hash);
      return chunk !== undefined && sha256(chunk.bytes) !== hash;
    });
    for (const hash of out) this.#chunks.delete(hash);
    return Promise.resolve(out);
  }

  stats(): Promise<ChunkStoreStats> {
    const bytes = this.#chunks.values().reduce((sum, { bytes }) => sum + bytes.length, 0);
    return Promise.resolve({ chunks: this.#chunks.size, bytes, storedBytes: bytes });
  }

  async *verify(): AsyncGenerator<ChunkDamage, void> {
    for (const [hash, { bytes }] of this.#chunks) {
      if (sha256(bytes) !== hash) yield { hash, problem: "The bytes in memory are not what they must be" };
    }
  }

  /** Says whether a chunk is new, or was condemned. */
  #put(hash: Hash, chunk: Uint8Array | undefined): boolean {
    if (chunk === undefined || this.#stays(hash)) return false;
    this.#chunks.set(hash, { bytes: new Uint8Array(chunk), storedAtMs: this.#clock.now() });
    return true;
  }

  #stays(hash: Hash): boolean {
    const chunk = this.#chunks.get(hash);
    return chunk !== undefined && chunk.condemnedAtMs === undefined;
  }

  /** One round: removes what was condemned before it, condemns what is found now. */
  async #collectOnce(
    live: LiveChunks,
    { graceMs, dryRun }: { readonly graceMs: number; readonly dryRun: boolean },
  ): Promise<CollectReceipt> {
    (await this.#gate.write())[Symbol.dispose]();
    const named = await namesIn(live({ sinceLast: false }));
    const untilMs = this.#clock.now() - graceMs;
    let [condemned, spared, removed, bytesFreed] = [0, 0, 0, 0];
    for (const [hash, chunk] of this.#chunks) {
      if (named.has(hash)) {
        if (chunk.condemnedAtMs !== undefined && !dryRun) spared++;
        if (!dryRun) delete chunk.condemnedAtMs;
        continue;
      }
      const isNew = chunk.condemnedAtMs === undefined;
      if (isNew && chunk.storedAtMs <= untilMs) {
        condemned++;
        if (!dryRun) chunk.condemnedAtMs = this.#clock.now();
      }
      const goes = isNew ? dryRun && graceMs === 0 && chunk.storedAtMs <= untilMs : chunk.condemnedAtMs! <= untilMs;
      if (!goes) continue;
      removed++;
      bytesFreed += chunk.bytes.length;
      if (!dryRun) this.#chunks.delete(hash);
    }
    if (condemned > 0 && !dryRun) {
      (await this.#gate.write())[Symbol.dispose]();
      for (const hash of await namesIn(live({ sinceLast: true }))) {
        const chunk = this.#chunks.get(hash);
        if (chunk?.condemnedAtMs === undefined) continue;
        delete chunk.condemnedAtMs;
        condemned--;
      }
    }
    return { condemned, spared, removed, bytesFreed };
  }

  /** Has nothing to give back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.sync();
  }
}

async function namesIn(batches: AsyncIterable<readonly Hash[]>): Promise<Set<Hash>> {
  const names = new Set<Hash>();
  for await (const hashes of batches) for (const hash of hashes) names.add(hash);
  return names;
}

import { join } from "@std/path";
import { type Clock, type Hash, ok, platformFailure, type Result, Semaphore, systemClock } from "../core/mod.ts";
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
import { readChunk } from "./chunk_reader.ts";
import type { EventBus } from "../events/mod.ts";
import { announceDamage } from "./announce_damage.ts";
import type { FrameError } from "./frame.ts";
import { FrameMemory } from "./frame_memory.ts";
import { FrameShelf } from "./frame_shelf.ts";
import { KnownChunks } from "./known_chunks.ts";
import { namedBatches } from "./named_batches.ts";
import type { NamedFrame } from "./named_frame.ts";
import { newFrames } from "./new_frames.ts";
import type { OpenFile } from "./pack_file.ts";
import { lockFolder, type PackFolder, recoverFolder } from "./pack_folder.ts";
import { packFrames } from "./pack_frames.ts";
import { collectPacks } from "./pack_gc.ts";
import { lookupHashesMax, PackIndex } from "./pack_index.ts";
import { quarantineChunks } from "./pack_quarantine.ts";
import { PackReader } from "./pack_reader.ts";
import type { PackRepair } from "./pack_recovery.ts";
import { earlyFlushBytes, PackSync } from "./pack_sync.ts";
import { verifyPacks } from "./pack_verify.ts";
import { type NewFrame, PackWriter } from "./pack_writer.ts";
import { RemovalGate } from "./removal_gate.ts";

/** Options of {@linkcode openPackStore}. */
export interface PackStoreOptions {
  /** How long a pack may become in bytes; 512 MiB unless given. */
  readonly packBytesMax?: number;
  /** Told of each pack that had to be repaired; nobody unless given. */
  readonly onRepair?: (repair: PackRepair) => void;
  /** Opens files; `Deno.open` unless given. */
  readonly openFile?: OpenFile;
  /** Where sealed packs and damage are announced; nowhere unless given. */
  readonly events?: EventBus;
  /** Tells how old chunks are; the system's unless given. */
  readonly clock?: Clock;
}

/**
 * Opens a chunk store in a folder, and creates it if it is not there. Packs that a killed process left behind are
 * recovered first.
 *
 * ```
 * <directory>/packs/00000001.pack   frames one behind the other, only ever appended to
 * <directory>/chunks.sqlite         where each chunk lies; rebuilt from the packs if it is lost
 * <directory>/recovery.lock         held by the process that recovers, claims or removes a pack
<directory>/collection.lock       held by the process that collects garbage
<directory>/hold.lock, turn.lock  held by those who rely on chunks staying
 * ```
 *
 * Several processes and workers may have the same folder open: each appends to a pack of its own and sees at once what
 * the others put.
 *
 * @param directory The folder; it should lie on a local disk, since SQLite and locks are unreliable over a network.
 * @param options How long packs may become, and what tests put in place of the disk.
 * @throws {Failure} kind `conflict` if the index belongs to another program or a newer dfs, `corrupt` if it is damaged or
 * all packs are gone.
 *
 * @example
 * ```ts
 * import { encodeFrame, openPackStore } from "./mod.ts";
 * import { sha256 } from "../core/mod.ts";
 * import { assertEquals } from "@std/assert";
 * const directory = await Deno.makeTempDir();
 * {
 *   await using store = await openPackStore(directory);
 *   const chunk = new TextEncoder().encode("a chunk");
 *   await store.putFrames(ReadableStream.from([encodeFrame(chunk, [chunk.length])]));
 *   await store.sync();
 *   assertEquals(await store.get(sha256(chunk)), chunk);
 * }
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export async function openPackStore(directory: string, options: PackStoreOptions = {}): Promise<ChunkStore> {
  const openFile = options.openFile ?? Deno.open;
  const packs = join(directory, "packs");
  const lock = join(directory, "recovery.lock");
  try {
    await Deno.mkdir(packs, { recursive: true });
  } catch (cause) {
    throw platformFailure(`create the folder "${packs}"`, cause);
  }
  using _lock = await lockFolder({ lock, openFile });
  const index = new PackIndex(join(directory, "chunks.sqlite"));
  try {
    const folder: PackFolder = {
      packs,
      lock,
      index,
      openFile,
      clock: options.clock ?? systemClock,
      onRepair: options.onRepair ?? (() => {}),
      events: options.events,
    };
    await recoverFolder(folder);
    return new PackStore(directory, folder, options);
  } catch (cause) {
    index[Symbol.dispose]();
    throw cause;
  }
}

class PackStore implements ChunkStore {
  readonly #directory: string;
  readonly #folder: PackFolder;
  readonly #options: PackStoreOptions;
  readonly #gate: RemovalGate;
  readonly #index: PackIndex;
  readonly #reader: PackReader;
  readonly #shelf: FrameShelf;
  readonly #writer: PackWriter;
  readonly #known: KnownChunks;
  readonly #writing = new Semaphore(1);
  readonly #memory = new FrameMemory();
  readonly #syncer: PackSync;
  #unflushedBytes = 0;
  #closed = false;

  constructor(directory: string, folder: PackFolder, options: PackStoreOptions) {
    this.#directory = directory;
    this.#options = options;
    this.#gate = new RemovalGate(directory, folder.openFile);
    this.#folder = folder;
    this.#index = folder.index;
    this.#known = new KnownChunks(folder.index);
    this.#reader = new PackReader(folder.packs, folder.openFile);
    this.#shelf = new FrameShelf(this.#reader);
    this.#writer = new PackWriter(folder, options);
    this.#syncer = new PackSync(folder);
  }

  async lacking(hashes: Iterable<Hash>): Promise<Hash[]> {
    const asked = [...hashes];
    const lacking = new Set<Hash>();
    for (let from = 0; from < asked.length; from += lookupHashesMax) {
      if (from > 0) await nextTurn();
      const part = asked.slice(from, from + lookupHashesMax);
      for (const [at, stored] of this.#known.areStored(part).entries()) if (!stored) lacking.add(part[at]!);
    }
    return [...lacking];
  }

  async putFrames(
    source: AsyncIterable<Uint8Array>,
    { onFrame }: PutOptions = {},
  ): Promise<Result<PutReceipt, FrameError>> {
    let chunks = 0;
    let added = 0;
    for await (const batch of namedBatches(source, this.#memory)) {
      if (!batch.ok) return batch;
      added += await this.#putBatch(batch.value);
      for (const { bytes, hashes } of batch.value) {
        chunks += hashes.length;
        onFrame?.({ frame: bytes, hashes });
      }
    }
    return ok({ chunks, added });
  }

  async sync(): Promise<void> {
    await this.#syncer.sync();
  }

  async get(hash: Hash): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      return (await readChunk(hash, { index: this.#index, shelf: this.#shelf }))?.slice();
    } catch (cause) {
      announceDamage(this.#folder.events, hash, cause);
      throw cause;
    }
  }

  async *frames(hashes: readonly Hash[], memory?: FrameMemory): AsyncIterable<Uint8Array<ArrayBuffer>> {
    try {
      yield* packFrames(hashes, { index: this.#index, shelf: this.#shelf, memory });
    } catch (cause) {
      announceDamage(this.#folder.events, "frame", cause);
      throw cause;
    }
  }

  async hold(): Promise<Disposable> {
    return await this.#gate.hold();
  }

  async collect(live: LiveChunks, options: CollectOptions): Promise<CollectReceipt> {
    const source = {
      folder: this.#folder,
      reader: this.#reader,
      gate: this.#gate,
      lock: join(this.#directory, "collection.lock"),
      packBytesMax: this.#options.packBytesMax,
    };
    return await collectPacks(source, live, options);
  }

  async quarantine(hashes: readonly Hash[]): Promise<Hash[]> {
    return await quarantineChunks(hashes, { index: this.#index, reader: this.#reader });
  }

  async stats(): Promise<ChunkStoreStats> {
    return await Promise.resolve(this.#index.stats());
  }

  async *verify(): AsyncIterable<ChunkDamage> {
    for await (const damage of verifyPacks({ ...this.#folder, reader: this.#reader })) {
      const object = damage.hash ?? "pack";
      this.#folder.events?.emit("storage.corruption_found", { object, error: damage.problem });
      yield damage;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _turn = await this.#writing.acquire();
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.sync();
    } finally {
      this.#writer[Symbol.dispose]();
      this.#reader[Symbol.dispose]();
      this.#index[Symbol.dispose]();
    }
  }

  /** Stores what is new in a batch; gives how many chunks that are. */
  async #putBatch(batch: readonly NamedFrame[]): Promise<number> {
    using _turn = await this.#writing.acquire();
    const hashes = batch.flatMap(({ hashes }) => hashes);
    const frames = newFrames(batch, this.#known.areStored(hashes));
    const added = await this.#writer.append(frames);
    this.#known.entered(hashes);
    this.#flushEarly(frames);
    return added;
  }

  /** Begins to make durable what was put, so that a commit has little left to wait for. */
  #flushEarly(frames: readonly NewFrame[]): void {
    this.#unflushedBytes += frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (this.#unflushedBytes < earlyFlushBytes) return;
    this.#unflushedBytes = 0;
    // If it fails, so does every later one.
    this.#syncer.sync().catch(() => {});
  }
}

/** Lets whatever else is waiting go on: a lookup of very many chunks must not hold up the other requests. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

import { Failure, type Hash } from "../core/mod.ts";
import { announceDamage } from "./announce_damage.ts";
import type { CollectionIndex, MovedChunk, PackUse, PlacedChunk } from "./collection_index.ts";
import { FrameBuilder } from "./frame_builder.ts";
import { batchBytesMax } from "./named_batches.ts";
import { nameFrame } from "./named_frame.ts";
import { type PackFile, packHeadBytes } from "./pack_file.ts";
import { lockFolder, type PackFolder, removeGone } from "./pack_folder.ts";
import type { FramePlace, IndexedFrame } from "./pack_index.ts";
import { damaged, type PackReader } from "./pack_reader.ts";
import { type NewFrame, PackWriter } from "./pack_writer.ts";

/** A pack is rewritten when at least this share of it is of no use; the others stay as they are, to spare the disk. */
export const deadShareMin = 0.25;
/** How many chunks are moved by one transaction: the other work of this process waits for no more than that. */
const chunksPerBatch = 8192;
/** How many frames are listed by one statement. */
const framesAtOnce = 256;

/** What is compacted. */
export interface CompactionSource {
  readonly folder: PackFolder;
  readonly reader: PackReader;
  /** How long a pack may become in bytes. */
  readonly packBytesMax?: number | undefined;
  readonly index: CollectionIndex;
  /** Lets the other work of this process go on, and throws if the collection is to end. */
  readonly nextTurn: () => Promise<void>;
}

/**
 * Rewrites packs with much in them that is of no use, and removes those that hold nothing.
 *
 * Such a pack is sealed first, so that all there is in it is known. What it holds is copied into another pack, flushed,
 * and only then found there; when nothing is found in it any more its file goes. A frame that is damaged stays where it
 * is, and its pack with it, until its chunks are taken out of the index.
 *
 * Packs that hold nothing go first, the others one by one: a disk that is full needs no more room than for what is of use
 * in one of them.
 *
 * @returns How many bytes of the medium were given back.
 */
export async function compactPacks(source: CompactionSource): Promise<number> {
  const { index, folder, nextTurn } = source;
  const wasteful = index.use().filter(isWasteful);
  index.seal(wasteful.map(({ id }) => id));
  const [empty, rest] = [true, false].map((isEmpty) => wasteful.filter(({ chunks }) => (chunks === 0) === isEmpty));
  let freed = await dropEmpty(source, empty!);
  using copier = new FrameCopier(source);
  for (const pack of rest!) {
    for (const frame of framesOf(pack.id, folder)) {
      if (frame.chunks > 0) await copier.copy(frame);
      await nextTurn();
    }
    await copier.flush();
    freed += await dropEmpty(source, [pack]);
  }
  return freed - copier.bytesWritten;
}

function isWasteful({ bytes, liveBytes }: PackUse): boolean {
  const held = bytes - packHeadBytes;
  return held > 0 && held - liveBytes >= held * deadShareMin;
}

function* framesOf(pack: number, { index }: PackFolder): Generator<FramePlace, void> {
  for (let start = -1;;) {
    const frames = index.framesAfter({ pack, start }, framesAtOnce).filter((frame) => frame.pack === pack);
    if (frames.length === 0) return;
    yield* frames;
    start = frames.at(-1)?.start ?? start;
  }
}

/**
 * Removes those of some sealed packs in which no chunk lies. The chunks themselves are asked, not the counts kept of them:
 * what goes here goes for good.
 */
async function dropEmpty(
  { folder, index, nextTurn }: CompactionSource,
  packs: readonly PackUse[],
): Promise<number> {
  if (packs.length === 0) return 0;
  const empty = new Map(packs.map((pack) => [pack.id, pack]));
  for (const range of index.ranges()) {
    for (const id of index.packsOf(range, [...empty.keys()])) empty.delete(id);
    await nextTurn();
  }
  using _lock = await lockFolder(folder);
  index.drop([...empty.keys()]);
  await removeGone(folder);
  return empty.values().reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Copies what is stored in frames into another pack: whole frames as they are, the rest put together anew. */
class FrameCopier implements Disposable {
  readonly #folder: PackFolder;
  readonly #reader: PackReader;
  readonly #index: CollectionIndex;
  readonly #writer: PackWriter;
  readonly #builder = new FrameBuilder();
  /** The chunks that wait in the builder, in order. */
  #gathered: PlacedChunk[] = [];
  #batch: NewFrame[] = [];
  #batchBytes = 0;
  /** Where the chunks of the batch were copied from. */
  readonly #origins = new Map<Hash, PlacedChunk>();
  /** Bytes of the frames that were written. */
  bytesWritten = 0;

  constructor({ folder, reader, index, packBytesMax }: CompactionSource) {
    this.#folder = folder;
    this.#reader = reader;
    this.#index = index;
    this.#writer = new PackWriter(folder, { packBytesMax, enter: (frames, file) => this.#enter(frames, file) });
  }

  /** Takes in a frame; one that is damaged is left alone, and told of. */
  async copy(frame: FramePlace): Promise<void> {
    try {
      await this.#take(frame);
    } catch (cause) {
      if (!(cause instanceof Failure) || cause.kind !== "corrupt") throw cause;
      announceDamage(this.#folder.events, "frame", cause);
    }
    if (this.#batchBytes >= batchBytesMax || this.#origins.size >= chunksPerBatch) await this.#writeBatch();
  }

  /** Writes what still waits. */
  async flush(): Promise<void> {
    this.#addGathered(this.#builder.finish());
    await this.#writeBatch();
  }

  [Symbol.dispose](): void {
    this.#writer[Symbol.dispose]();
  }

  async #take(frame: FramePlace): Promise<void> {
    const named = await nameFrame(await this.#reader.read(frame));
    if (!named.ok) throw damaged(frame, named.error.message);
    const { bytes, unpacked, hashes } = named.value;
    const here: PlacedChunk[] = [];
    for (const [position, place] of this.#folder.index.find(hashes).entries()) {
      if (place?.frame !== frame.id || place.position !== position) continue;
      here.push({ hash: hashes[position]!, frame: frame.id, position, length: unpacked.lengths[position] ?? 0 });
    }
    if (here.length === hashes.length) return this.#add({ bytes, hashes, chunkLengths: unpacked.lengths }, here);
    for (const chunk of here) {
      this.#gathered.push(chunk);
      this.#addGathered(this.#builder.add(unpacked.chunk(chunk.position)!));
    }
  }

  #addGathered(bytes: Uint8Array | undefined): void {
    if (bytes === undefined) return;
    const chunks = this.#gathered;
    this.#gathered = [];
    this.#add(
      { bytes, hashes: chunks.map(({ hash }) => hash), chunkLengths: chunks.map(({ length }) => length) },
      chunks,
    );
  }

  #add(frame: NewFrame, chunks: readonly PlacedChunk[]): void {
    this.#batch.push(frame);
    this.#batchBytes += frame.bytes.length;
    for (const chunk of chunks) this.#origins.set(chunk.hash, chunk);
  }

  async #writeBatch(): Promise<void> {
    await this.#writer.append(this.#batch);
    this.bytesWritten += this.#batchBytes;
    this.#batch = [];
    this.#batchBytes = 0;
    this.#origins.clear();
  }

  async #enter(frames: readonly IndexedFrame[], file: PackFile): Promise<number> {
    await file.syncData();
    const moved = frames.map((frame) => ({ ...frame, chunks: frame.hashes.map((hash, at) => this.#moved(hash, at)) }));
    this.#index.move(moved, this.#folder.clock.now());
    return 0;
  }

  #moved(hash: Hash, newPosition: number): MovedChunk {
    return { ...this.#origins.get(hash)!, newPosition };
  }
}

import type { Hash, Result } from "../core/mod.ts";
import type { FrameError } from "./frame.ts";
import type { FrameMemory } from "./frame_memory.ts";

/**
 * Holds chunks by the SHA-256 of their bytes. They come and go in frames (see `frame.ts`), many at a time; a chunk is
 * stored once, whoever brings it. All methods reject with a `Failure` if the medium fails.
 */
export interface ChunkStore extends AsyncDisposable {
  /** Which of these chunks are not stored, or are condemned, and so must be put; in the order given, each once. */
  lacking(hashes: Iterable<Hash>): Promise<Hash[]>;

  /**
   * Takes in frames: unpacks them, computes the name of each chunk, and keeps what is new.
   *
   * When this resolves or rejects, what is kept can be read by any process; it is durable only after {@linkcode sync}.
   *
   * @param source The frames, one behind the other, in pieces of any size; each piece need only be valid until the next
   * is asked for. If it fails, that is thrown, and the frames that came whole are kept.
   * @param options Who is told of what is kept.
   * @returns What arrived, or what is wrong with a frame; then those before it are kept, and nothing of it or after it.
   * @throws {Failure} kind `no_space` if the disk is full; then nothing of the last frames is kept, whole or in part,
   * and the store goes on.
   */
  putFrames(source: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<Result<PutReceipt, FrameError>>;

  /** Resolves when every chunk put before the call, by any process, is on the medium for good. */
  sync(): Promise<void>;

  /** The bytes of a chunk, checked against its name; `undefined` if it is not stored. */
  get(hash: Hash): Promise<Uint8Array<ArrayBuffer> | undefined>;

  /**
   * The chunks asked for, as frames that hold exactly these and in this order, each in memory of its own. A store may
   * hand on a frame as it lies on the medium where all its chunks are asked for together and in its order; then only its
   * checksum was compared, and whoever receives it compares the names. Other frames are made anew, of chunks that were
   * compared with their names.
   *
   * @param memory What frames may be put into. One that was is given back when the next is asked for, and void then.
   * @throws {Failure} kind `not_found` if a chunk is not stored, `corrupt` if its bytes are not what they must be.
   */
  frames(hashes: readonly Hash[], memory?: FrameMemory): AsyncIterable<Uint8Array<ArrayBuffer>>;

  /**
   * Keeps what {@linkcode lacking} does not report from being removed, until the returned value is disposed of. Who makes
   * something name chunks holds the store from asking what is lacking until the name is for all to see.
   */
  hold(): Promise<Disposable>;

  /**
   * Removes chunks that nothing names any more, in two steps: what is old enough is condemned, which makes
   * {@linkcode lacking} report it; a later call removes it, if it was neither named nor put meanwhile.
   *
   * May be called while others put and read, and may be broken off at any point.
   *
   * @param live Gives the names of chunks that something names, in batches; see {@linkcode LiveChunks}.
   * @throws {Failure} kind `conflict` if another process is collecting.
   */
  collect(live: LiveChunks, options: CollectOptions): Promise<CollectReceipt>;

  /**
   * Looks at chunks again, and takes those that are not what they must be out of the store: they are lacking then, and can
   * be put afresh. Their bytes stay on the medium until a collection rewrites what they lie in.
   *
   * @returns Those that were taken out.
   */
  quarantine(hashes: readonly Hash[]): Promise<Hash[]>;

  /** How much is stored. */
  stats(): Promise<ChunkStoreStats>;

  /** Reads everything that is stored and compares it with its name; yields what is wrong. */
  verify(): AsyncIterable<ChunkDamage>;
}

/** Options of {@linkcode ChunkStore.putFrames}. */
export interface PutOptions {
  /** Told of each frame once it is kept, in order. */
  readonly onFrame?: (frame: KeptFrame) => void;
}

/** A frame whose chunks are stored. */
export interface KeptFrame {
  /** The frame as it came; valid during the call only. */
  readonly frame: Uint8Array;
  /** The names of its chunks, in order. */
  readonly hashes: readonly Hash[];
}

/** What some frames brought. */
export interface PutReceipt {
  /** How many chunks. */
  readonly chunks: number;
  /** How many of them were new. */
  readonly added: number;
}

/** How much a chunk store holds. */
export interface ChunkStoreStats {
  /** How many chunks. */
  readonly chunks: number;
  /** Bytes of all chunks, unpacked. */
  readonly bytes: number;
  /** Bytes on the medium. */
  readonly storedBytes: number;
}

/**
 * Gives the names of chunks that something names, in batches; a name may come several times. Of all of them as of a moment
 * after the call, or, if so asked, at least of those that came to be named since the call before this one.
 */
export type LiveChunks = (which: { readonly sinceLast: boolean }) => AsyncIterable<readonly Hash[]>;

/** Options of {@linkcode ChunkStore.collect}. */
export interface CollectOptions {
  /**
   * How old a chunk must be before it is condemned, and for how long it must have been condemned before it is removed, in
   * milliseconds. It gives uploads the time to be committed; a shorter one loses nothing, but lets them send chunks
   * again. Of 0, what is condemned is removed in the same call.
   */
  readonly graceMs: number;
  /** Whether to count only, and leave everything as it is. */
  readonly dryRun?: boolean | undefined;
  /** Breaks the collection off; it rejects with the reason then, and what it did so far stays. */
  readonly signal?: AbortSignal | undefined;
}

/** What a collection did, or would do. */
export interface CollectReceipt {
  /** How many chunks were condemned. */
  readonly condemned: number;
  /** How many condemned chunks were named again, and stay. */
  readonly spared: number;
  /** How many chunks were removed. */
  readonly removed: number;
  /** Bytes of the medium that were given back; of a dry run about how many the chunks to be removed take up. */
  readonly bytesFreed: number;
}

/** Something stored that is not what it must be. */
export interface ChunkDamage {
  /** The chunk that cannot be read back; `undefined` if the damage lies in what surrounds the chunks. */
  readonly hash: Hash | undefined;
  /** Where it lies and what is wrong, in a sentence. */
  readonly problem: string;
}

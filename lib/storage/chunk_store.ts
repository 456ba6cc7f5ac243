import type { Hash, Result } from "../core/mod.ts";
import type { FrameError } from "./frame.ts";

/**
 * Holds chunks by the SHA-256 of their bytes. They come and go in frames (see `frame.ts`), many at a time; a chunk is
 * stored once, whoever brings it. All methods reject with a `Failure` if the medium fails.
 */
export interface ChunkStore extends AsyncDisposable {
  /** Which of these chunks are not stored; in the order given, each once. */
  lacking(hashes: Iterable<Hash>): Promise<Hash[]>;

  /**
   * Takes in one frame: unpacks it, computes the name of each chunk, and keeps what is new.
   *
   * The chunks can be read at once, by any process, but are durable only after {@linkcode sync}.
   *
   * @param frame One encoded frame and nothing else; the store may keep the bytes.
   * @returns What arrived, or what is wrong with the frame; then nothing of it is kept.
   * @throws {Failure} kind `no_space` if the disk is full; then nothing of the frame is kept, and the store goes on.
   */
  putFrame(frame: Uint8Array<ArrayBuffer>): Promise<Result<FrameReceipt, FrameError>>;

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
   * @throws {Failure} kind `not_found` if a chunk is not stored, `corrupt` if its bytes are not what they must be.
   */
  frames(hashes: readonly Hash[]): AsyncIterable<Uint8Array<ArrayBuffer>>;

  /** How much is stored. */
  stats(): Promise<ChunkStoreStats>;

  /** Reads everything that is stored and compares it with its name; yields what is wrong. */
  verify(): AsyncIterable<ChunkDamage>;
}

/** What a frame brought. */
export interface FrameReceipt {
  /** The names of all its chunks, in order. */
  readonly hashes: readonly Hash[];
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

/** Something stored that is not what it must be. */
export interface ChunkDamage {
  /** The chunk that cannot be read back; `undefined` if the damage lies in what surrounds the chunks. */
  readonly hash: Hash | undefined;
  /** Where it lies and what is wrong, in a sentence. */
  readonly problem: string;
}

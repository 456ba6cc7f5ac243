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
   * The chunks can be read at once, but are durable only after {@linkcode sync}.
   *
   * @param frame One encoded frame; the store may keep the bytes.
   * @returns What arrived, or what is wrong with the frame; then nothing of it is kept.
   */
  putFrame(frame: Uint8Array<ArrayBuffer>): Promise<Result<FrameReceipt, FrameError>>;

  /** Resolves when every chunk put before the call, by any process, is on the medium for good. */
  sync(): Promise<void>;

  /** The bytes of a chunk, checked against its name; `undefined` if it is not stored. */
  get(hash: Hash): Promise<Uint8Array<ArrayBuffer> | undefined>;

  /**
   * The chunks asked for, as frames that hold exactly these and in this order. A stored frame is handed on as it is
   * where all its chunks are asked for together; otherwise frames are made anew.
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
  readonly chunks: number;
  /** Bytes of all chunks, unpacked. */
  readonly bytes: number;
  /** Bytes on the medium. */
  readonly storedBytes: number;
}

/** A chunk that cannot be read back. */
export interface ChunkDamage {
  readonly hash: Hash;
  /** Where it lies and what is wrong, in a sentence. */
  readonly problem: string;
}

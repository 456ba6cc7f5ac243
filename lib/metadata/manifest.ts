import { emptyHash, err, type Hash, hashBytes, ok, type Result, sha256 } from "../core/mod.ts";

/** Bytes one chunk takes in a packed manifest: 32 of its SHA-256, 4 of its length (little-endian). */
export const chunkRefBytes: number = hashBytes + 4;

/** The most chunks a file may have: some 480 GiB at the chunker's average. A list of so many fits into one record. */
export const fileChunksMax = 14_000_000;

/** One chunk of a file. */
export interface ChunkRef {
  /** SHA-256 of the chunk's bytes. */
  readonly hash: Hash;
  /** Length in bytes, at least 1. */
  readonly length: number;
}

/**
 * The ordered chunk list of one file version, packed into 36 bytes a chunk so that the list of a file of 100 GiB takes
 * 58 MB rather than ten times that.
 */
export class Manifest {
  /** The packed form: for each chunk the 32 bytes of its SHA-256, then its length as an unsigned 32-bit little-endian. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;

  private constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Builds a manifest from a list of chunks. */
  static of(chunks: readonly ChunkRef[]): Manifest {
    const bytes = new Uint8Array(chunks.length * chunkRefBytes);
    const view = new DataView(bytes.buffer);
    chunks.forEach((chunk, index) => {
      bytes.subarray(index * chunkRefBytes, index * chunkRefBytes + hashBytes).setFromHex(chunk.hash);
      view.setUint32(index * chunkRefBytes + hashBytes, chunk.length, true);
    });
    return new Manifest(bytes);
  }

  /** Takes the packed form; keeps the bytes, does not copy them. */
  static fromBytes(bytes: Uint8Array<ArrayBuffer>): Result<Manifest, string> {
    if (bytes.length % chunkRefBytes !== 0) return err(`A chunk list has ${bytes.length} bytes, no multiple of 36`);
    const manifest = new Manifest(bytes);
    for (let index = 0; index < manifest.length; index++) {
      if (manifest.chunkLength(index) === 0) return err(`Chunk ${index} of a chunk list is empty`);
    }
    return ok(manifest);
  }

  /** How many chunks there are. */
  get length(): number {
    return this.bytes.length / chunkRefBytes;
  }

  /** Length of the file in bytes. */
  get size(): number {
    let size = 0;
    for (let index = 0; index < this.length; index++) size += this.chunkLength(index);
    return size;
  }

  /** The name of chunk `index`. */
  hash(index: number): Hash {
    return this.bytes.subarray(index * chunkRefBytes, index * chunkRefBytes + hashBytes).toHex() as Hash;
  }

  /** The length of chunk `index` in bytes. */
  chunkLength(index: number): number {
    return this.#view.getUint32(index * chunkRefBytes + hashBytes, true);
  }

  /** The names of all chunks, in order. */
  hashes(): Hash[] {
    return Array.from({ length: this.length }, (_, index) => this.hash(index));
  }

  /**
   * The name of the content that this list makes up: equal content cut by the same chunker has the same name.
   *
   * Of no chunk or one it is the SHA-256 of the bytes themselves, so a small file needs no stored list at all. Of more
   * it is the SHA-256 over `"dfs manifest 1\n"` and the packed list.
   */
  contentId(): Hash {
    if (this.length === 0) return emptyContent;
    if (this.length === 1) return this.hash(0);
    const input = new Uint8Array(manifestDomain.length + this.bytes.length);
    input.set(manifestDomain);
    input.set(this.bytes, manifestDomain.length);
    return sha256(input);
  }
}

const manifestDomain = new TextEncoder().encode("dfs manifest 1\n");

/** The content of every empty file: the SHA-256 of no bytes. */
export const emptyContent: Hash = emptyHash;

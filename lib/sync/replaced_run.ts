import type { ChunkRef, Manifest } from "../metadata/mod.ts";

/** A chunk of an earlier version. */
export interface EarlierChunk extends ChunkRef {
  /** Where it lies in the list of the earlier version. */
  readonly index: number;
}

/** How far around the place where a chunk would lie if nothing had moved the earlier version is looked at, in bytes. */
export const replacedSlackBytes: number = 256 * 1024;

/**
 * Chunks of a file one behind the other that its earlier version did not have: they stand in the place of those that lie
 * there between the same neighbours, and are probably much like them.
 */
export class ReplacedRun {
  readonly #earlier: Manifest;
  readonly #first: number;
  #end: number;
  /** Which chunk of the earlier version lies where the next new one does, and how many bytes of it are passed. */
  #index: number;
  #passed = 0;

  /**
   * Begins a run.
   *
   * @param earlier The chunk list of the earlier version.
   * @param first The chunk behind the last one that both versions have.
   */
  constructor(earlier: Manifest, first: number) {
    this.#earlier = earlier;
    this.#first = this.#index = first;
    this.#end = earlier.length;
  }

  /** Takes in the next new chunk; gives the index of the earlier chunk that lies where it begins. */
  add(length: number): number {
    const index = Math.min(this.#index, this.#earlier.length);
    this.#passed += length;
    while (this.#index < this.#earlier.length && this.#passed >= this.#earlier.chunkLength(this.#index)) {
      this.#passed -= this.#earlier.chunkLength(this.#index++);
    }
    return index;
  }

  /** Ends the run before a chunk that both versions have. One that lies further ahead has moved, and says nothing. */
  close(end: number): void {
    if (end >= this.#first) this.#end = end;
  }

  /**
   * The chunks of the earlier version around the place of a new one.
   *
   * @param index As {@linkcode add} gave it for the new chunk.
   * @param length The length of the new chunk.
   */
  around(index: number, length: number): EarlierChunk[] {
    let from = Math.min(index, this.#end);
    for (let back = 0; from > this.#first && back < replacedSlackBytes;) back += this.#earlier.chunkLength(--from);
    const chunks: EarlierChunk[] = [];
    for (let bytes = 0; from < this.#end && bytes < length + 2 * replacedSlackBytes; from++) {
      const chunk = { hash: this.#earlier.hash(from), length: this.#earlier.chunkLength(from), index: from };
      chunks.push(chunk);
      bytes += chunk.length;
    }
    return chunks;
  }
}

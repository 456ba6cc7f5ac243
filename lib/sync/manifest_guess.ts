import type { Hash } from "../core/mod.ts";
import type { Manifest } from "../metadata/mod.ts";

/**
 * Guesses the chunks of a file from those of its earlier version. Where a guessed chunk has the hash it had, its end
 * need not be searched for, since a cut depends on nothing but the chunk's own bytes; that saves half of the work of
 * reading a large file again. After a difference the guess goes on from the next chunk it recognizes.
 */
export class ManifestGuess {
  readonly #manifest: Manifest;
  readonly #places = new Map<Hash, number>();
  /** Which chunk is expected next; -1 while none is. */
  #next = 0;

  /**
   * Expects the first chunk first.
   *
   * @param manifest The chunk list of the earlier version.
   */
  constructor(manifest: Manifest) {
    this.#manifest = manifest;
    for (let index = manifest.length - 1; index >= 0; index--) this.#places.set(manifest.hash(index), index);
  }

  /**
   * How long the next chunk is if nothing changed.
   *
   * @param available Bytes at hand.
   * @param ended Whether the file ends with them.
   * @returns The length, or `undefined` if there is no guess. The last chunk was cut by the end of the file, not by its
   * bytes, so it is guessed only where the file ends there again.
   */
  nextLength(available: number, ended: boolean): number | undefined {
    if (this.#next < 0 || this.#next >= this.#manifest.length) return undefined;
    const length = this.#manifest.chunkLength(this.#next);
    if (length > available) return undefined;
    const last = this.#next === this.#manifest.length - 1;
    return last && !(ended && length === available) ? undefined : length;
  }

  /** Says whether the guess was right; if not, guessing stops until {@linkcode resume} finds a way back. */
  accept(hash: Hash): boolean {
    const right = this.#manifest.hash(this.#next) === hash;
    this.#next = right ? this.#next + 1 : -1;
    return right;
  }

  /** Looks whether a chunk that was cut anew is one of the earlier version; if so, guessing goes on behind it. */
  resume(hash: Hash): boolean {
    const place = this.#places.get(hash);
    this.#next = place === undefined ? -1 : place + 1;
    return place !== undefined;
  }
}

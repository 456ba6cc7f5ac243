import type { Hash } from "../core/mod.ts";
import type { Manifest } from "../metadata/mod.ts";
import { type EarlierChunk, ReplacedRun } from "./replaced_run.ts";

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
  /** The chunk behind the last one that was recognized. */
  #behind = 0;
  /** The chunks since then that were not. */
  #run: ReplacedRun | undefined;

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
    if (right) this.#recognize(this.#next);
    else this.#next = -1;
    return right;
  }

  /** Looks whether a chunk that was cut anew is one of the earlier version; if so, guessing goes on behind it. */
  resume(hash: Hash): boolean {
    const place = this.#places.get(hash);
    if (place === undefined) this.#next = -1;
    else this.#recognize(place);
    return place !== undefined;
  }

  /**
   * Takes in a chunk that is none of the earlier version.
   *
   * @returns What tells the chunks of the earlier version that it may be much like. It knows best when the file has been
   * read on to a chunk that both versions have.
   */
  replaced(length: number): () => EarlierChunk[] {
    const run = this.#run ??= new ReplacedRun(this.#manifest, this.#behind);
    const index = run.add(length);
    return () => run.around(index, length);
  }

  #recognize(place: number): void {
    this.#run?.close(place);
    this.#run = undefined;
    this.#next = this.#behind = place + 1;
  }
}

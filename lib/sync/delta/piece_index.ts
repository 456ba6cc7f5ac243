import type { Pieces } from "./cut_pieces.ts";
import type { DeltaStep } from "./delta.ts";

/** What of a chunk was found in old ones. */
export interface FoundSteps {
  /** How to make it. */
  readonly steps: readonly DeltaStep[];
  /** How many of its bytes are taken over. */
  readonly foundBytes: number;
}

/**
 * The pieces of old chunks by their names, to find those of new chunks among them without the old bytes. Equal names are
 * taken for equal bytes: whoever has the old bytes makes the chunk and compares its hash.
 */
export class PieceIndex {
  readonly #names: Uint32Array;
  readonly #places = new Map<number, number>();

  /**
   * Counts the pieces of all chunks through, one chunk behind the other.
   *
   * @param chunks The names of the pieces of each old chunk.
   */
  constructor(chunks: readonly Uint32Array[]) {
    this.#names = new Uint32Array(chunks.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const names of chunks) {
      this.#names.set(names, at);
      at += names.length;
    }
    for (const [place, name] of this.#names.entries()) if (!this.#places.has(name)) this.#places.set(name, place);
  }

  /**
   * Finds the pieces of a new chunk; of several places the one that goes on where the last one ended.
   *
   * @param chunk The bytes of the new chunk.
   * @param pieces How it is cut.
   * @returns How to make it, in units of pieces.
   */
  find(chunk: Uint8Array, { ends, names }: Pieces): FoundSteps {
    const steps: DeltaStep[] = [];
    let foundBytes = 0;
    let next = -1;
    for (let index = 0; index < names.length;) {
      const first = index;
      let place = this.#place(names[index]!, next);
      if (place === undefined) {
        while (index < names.length && this.#place(names[index]!, next) === undefined) index++;
        steps.push({ literal: chunk.subarray(ends[first - 1] ?? 0, ends[index - 1]!) });
      } else {
        const from = place;
        while (index < names.length && this.#names[place] === names[index]) {
          index++;
          place++;
        }
        steps.push({ from, count: place - from });
        foundBytes += ends[index - 1]! - (ends[first - 1] ?? 0);
        next = place;
      }
    }
    return { steps, foundBytes };
  }

  #place(name: number, next: number): number | undefined {
    return this.#names[next] === name ? next : this.#places.get(name);
  }
}

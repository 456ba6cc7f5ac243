import { coarse, fine, finePiecesMax, pieceEnds } from "./cut_pieces.ts";

/**
 * The pieces of old chunks as units that a delta takes over: coarse piece `n` begins at unit `n * finePiecesMax`, and its
 * fine pieces are the units from there on; those that it does not have are empty. So coarse and fine pieces can be named
 * without telling how many fine ones each coarse one has.
 */
export class PieceSpace {
  readonly #bytes: Uint8Array;
  /** Where each coarse piece ends. */
  readonly #ends: number[] = [];
  readonly #fine = new Map<number, readonly number[]>();

  /**
   * Cuts the chunks into coarse pieces; fine ones are cut when they are asked for.
   *
   * @param chunks The old chunks.
   */
  constructor(chunks: readonly Uint8Array[]) {
    this.#bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
    let start = 0;
    for (const chunk of chunks) {
      this.#bytes.set(chunk, start);
      for (const end of pieceEnds(chunk, coarse)) this.#ends.push(start + end);
      start += chunk.length;
    }
  }

  /** The bytes of a coarse piece; `undefined` if there is none of that number. */
  piece(number: number): Uint8Array | undefined {
    const end = this.#ends[number];
    return end === undefined ? undefined : this.#bytes.subarray(this.#start(number), end);
  }

  /** The bytes of some units; `undefined` if there are no such units. */
  units(from: number, count: number): Uint8Array | undefined {
    if (from + count > this.#ends.length * finePiecesMax) return undefined;
    return this.#bytes.subarray(this.#offset(from), this.#offset(from + count));
  }

  #start(number: number): number {
    return number === 0 ? 0 : this.#ends[number - 1]!;
  }

  /** Where a unit begins. */
  #offset(unit: number): number {
    const [number, index] = [Math.floor(unit / finePiecesMax), unit % finePiecesMax];
    if (index === 0) return this.#start(number);
    let ends = this.#fine.get(number);
    if (ends === undefined) {
      ends = pieceEnds(this.piece(number)!, fine);
      this.#fine.set(number, ends);
    }
    return this.#start(number) + (ends[index - 1] ?? ends.at(-1)!);
  }
}

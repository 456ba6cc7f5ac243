import { coarse, cutPieces, fine, finePiecesMax, type Pieces } from "./cut_pieces.ts";
import { type FoundSteps, StepList } from "./step_list.ts";

/** A new chunk, and how it is cut into coarse pieces. */
export interface CutChunk {
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** Its coarse pieces. */
  readonly pieces: Pieces;
}

/** Cuts a new chunk into coarse pieces. */
export function cutChunk(bytes: Uint8Array): CutChunk {
  return { bytes, pieces: cutPieces(bytes, coarse) };
}

/** How many coarse pieces further than the new ones go the old ones are looked at more finely. */
const slackPieces = 8;

/**
 * The pieces of old chunks by their names, to find those of new chunks among them without the old bytes. Equal names are
 * taken for equal bytes: whoever has the old bytes makes the chunk and compares its hash.
 *
 * At first the coarse pieces are known. Where new ones are not found among them, the fine pieces of those that lie there
 * can be asked for, and made known.
 */
export class PieceIndex {
  readonly #names: Uint32Array;
  readonly #places = new Map<number, number>();
  /** Units of fine pieces by their names, and the names by their units. */
  readonly #fineUnits = new Map<number, number>();
  readonly #fineNames = new Map<number, number>();
  /** How many fine pieces a coarse one has. */
  readonly #fineCounts = new Map<number, number>();

  /**
   * Counts the coarse pieces of all chunks through, one chunk behind the other.
   *
   * @param chunks The names of the coarse pieces of each old chunk.
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
   * Says where to look more finely for what is not found: at the old coarse pieces between those that are found before
   * and behind it.
   *
   * @param chunks New chunks, in the order they lie in their file.
   * @returns How many bytes are not found, and the numbers of the old pieces, rising.
   */
  gaps(chunks: readonly CutChunk[]): { readonly bytes: number; readonly pieces: number[] } {
    const pieces = new Set<number>();
    const used = new Set(chunks.flatMap(({ pieces }) => pieces.names));
    const add = (from: number, to: number): void => {
      for (let piece = Math.max(0, from); piece < Math.min(to, this.#names.length); piece++) {
        if (!used.has(this.#names[piece]!)) pieces.add(piece);
      }
    };
    let [bytes, missing, next] = [0, 0, -1];
    const settle = (place: number | undefined): void => {
      if (missing === 0) return;
      const reach = 2 * missing + slackPieces;
      const between = next >= 0 && place !== undefined && next <= place;
      if (next >= 0) add(next, between ? Math.min(place, next + reach) : next + reach);
      if (place !== undefined) add(between ? Math.max(next, place - reach) : place - reach, place);
      missing = 0;
    };
    for (const { pieces: { ends, names } } of chunks) {
      for (const [index, name] of names.entries()) {
        const place = this.#place(name, next);
        if (place === undefined) {
          missing++;
          bytes += ends[index]! - (ends[index - 1] ?? 0);
        } else {
          settle(place);
          next = place + 1;
        }
      }
    }
    settle(undefined);
    return { bytes, pieces: [...pieces].sort((a, b) => a - b) };
  }

  /**
   * Makes the fine pieces of coarse ones known.
   *
   * @param pieces The numbers of the coarse ones.
   * @param names For each of them the names of its fine pieces.
   */
  refine(pieces: readonly number[], names: readonly Uint32Array[]): void {
    for (const [index, piece] of pieces.entries()) {
      const fineNames = names[index] ?? [];
      this.#fineCounts.set(piece, fineNames.length);
      for (const [at, name] of fineNames.entries()) {
        const unit = piece * finePiecesMax + at;
        this.#fineNames.set(unit, name);
        if (!this.#fineUnits.has(name)) this.#fineUnits.set(name, unit);
      }
    }
  }

  /**
   * Finds the pieces of a new chunk; of several places the one that goes on where the last one ended.
   *
   * @returns How to make it, in the units of a `PieceSpace`.
   */
  find({ bytes, pieces: { ends, names } }: CutChunk): FoundSteps {
    const list = new StepList(bytes);
    let next = -1;
    for (const [index, name] of names.entries()) {
      const [start, end] = [ends[index - 1] ?? 0, ends[index]!];
      const place = this.#place(name, next % finePiecesMax === 0 ? next / finePiecesMax : -1);
      if (place === undefined) {
        if (this.#fineUnits.size > 0) next = this.#findFine(bytes.subarray(start, end), { list, start, next });
        continue;
      }
      const from = place * finePiecesMax;
      list.take(start, end, { from, count: finePiecesMax });
      next = from + finePiecesMax;
    }
    return list.finish();
  }

  /** Finds the fine pieces of a new coarse one; gives the unit behind the last one found. */
  #findFine(
    piece: Uint8Array,
    { list, start, next: before }: { readonly list: StepList; readonly start: number; readonly next: number },
  ): number {
    const { ends, names } = cutPieces(piece, fine);
    let next = before;
    for (const [index, name] of names.entries()) {
      const from = this.#fineNames.get(next) === name ? next : this.#fineUnits.get(name);
      if (from === undefined) continue;
      next = this.#unitBehind(from);
      list.take(start + (ends[index - 1] ?? 0), start + ends[index]!, { from, count: next - from });
    }
    return next;
  }

  /** Where the unit begins behind a fine piece: behind the last one of a coarse piece, that of the next coarse one. */
  #unitBehind(unit: number): number {
    const piece = Math.floor(unit / finePiecesMax);
    return unit % finePiecesMax + 1 < this.#fineCounts.get(piece)! ? unit + 1 : (piece + 1) * finePiecesMax;
  }

  #place(name: number, next: number): number | undefined {
    return this.#names[next] === name ? next : this.#places.get(name);
  }
}

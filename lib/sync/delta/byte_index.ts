import { type FoundSteps, StepList } from "./step_list.ts";

/** Blocks of so many bytes are looked up. */
const blockBytes = 24;
/** A block of the old bytes is known at every so many of them. */
const strideBytes = 8;
/** Spreads what it multiplies over 32 bits (Knuth's multiplicative hashing). */
const multiplier = 0x9e3779b1 | 0;
/**
 * After so many places in vain a step further is one byte longer, as LZ4 does: what is like nothing is passed quickly. What
 * is missed by that is found as soon as a block of it is, since it is extended back.
 */
const patiencePlaces = 512;

/**
 * Old bytes, in which those of new chunks are found to the very byte: blocks are looked up by their hash, what is found is
 * compared, and then extended both ways as far as the bytes are equal. Time grows with the bytes, whatever they are: a
 * block has one place, and what was taken over is not looked at again.
 */
export class ByteIndex {
  readonly #bases: Uint8Array;
  readonly #places: Int32Array;
  readonly #shift: number;

  /**
   * Takes in the old bytes.
   *
   * @param bases The old chunks, one behind the other.
   */
  constructor(bases: Uint8Array) {
    this.#bases = bases;
    const bits = Math.max(8, Math.ceil(Math.log2(bases.length / strideBytes * 2 + 1)));
    this.#shift = 32 - bits;
    this.#places = new Int32Array(2 ** bits).fill(-1);
    const lastStride = Math.floor((bases.length - blockBytes) / strideBytes);
    // From the end on, so that the first of equal blocks is the one that is found.
    const view = viewOf(bases);
    for (let at = lastStride * strideBytes; at >= 0; at -= strideBytes) {
      this.#places[this.#slot(blockHash(view, at))] = at;
    }
  }

  /** Finds what of a new chunk is in the old bytes; gives how to make it, in units of bytes. */
  find(chunk: Uint8Array): FoundSteps {
    const list = new StepList(chunk);
    const view = viewOf(chunk);
    let [done, shift, misses] = [0, 0, 0];
    const last = chunk.length - blockBytes;
    for (let at = 0; at <= last;) {
      const place = this.#match(chunk, at, { hash: blockHash(view, at), expected: at + shift });
      if (place === undefined) {
        at += 1 + Math.floor(misses++ / patiencePlaces);
        continue;
      }
      const before = this.#equalBefore(chunk, { at, place, done });
      const length = before + this.#equalAfter(chunk, at, place);
      const from = place - before;
      const start = at - before;
      done = at = start + length;
      list.take(start, done, { from, count: length });
      shift = from + length - at;
      misses = 0;
    }
    return list.finish();
  }

  /** Where a block of a chunk lies in the old bytes: where it would if nothing moved, or where its hash says. */
  #match(
    chunk: Uint8Array,
    at: number,
    { hash, expected }: { readonly hash: number; readonly expected: number },
  ): number | undefined {
    if (this.#isBlock(chunk, at, expected)) return expected;
    const place = this.#places[this.#slot(hash)]!;
    return this.#isBlock(chunk, at, place) ? place : undefined;
  }

  #isBlock(chunk: Uint8Array, at: number, place: number): boolean {
    if (place < 0 || place + blockBytes > this.#bases.length) return false;
    for (let i = 0; i < blockBytes; i++) if (chunk[at + i] !== this.#bases[place + i]) return false;
    return true;
  }

  #equalAfter(chunk: Uint8Array, at: number, place: number): number {
    const limit = Math.min(chunk.length - at, this.#bases.length - place);
    let length = blockBytes;
    while (length < limit && chunk[at + length] === this.#bases[place + length]) length++;
    return length;
  }

  #equalBefore(
    chunk: Uint8Array,
    { at, place, done }: { readonly at: number; readonly place: number; readonly done: number },
  ): number {
    const limit = Math.min(at - done, place);
    let length = 0;
    while (length < limit && chunk[at - length - 1] === this.#bases[place - length - 1]) length++;
    return length;
  }

  #slot(hash: number): number {
    return (hash ^ (hash << 7)) >>> this.#shift;
  }
}

/** Mixes the bytes of a block, four at a time. */
function blockHash(view: DataView, at: number): number {
  let hash = 0;
  for (let word = at; word < at + blockBytes; word += 4) {
    hash = Math.imul((hash << 5) ^ (hash >>> 27) ^ view.getInt32(word, true), multiplier);
  }
  return hash;
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

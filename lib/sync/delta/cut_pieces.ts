/** The shortest piece in bytes, but for the last of a chunk. */
export const pieceBytesMin = 128;
/** The longest piece in bytes. */
export const pieceBytesMax = 2048;

if (pieceBytesMin >= pieceBytesMax) throw new RangeError("A piece must be able to grow");

/** One in 2^8 positions is a boundary from the shortest length on: pieces of 380 bytes on the average. */
const boundaryMask = 0xff000000 | 0;

/** A chunk as it is cut into pieces. */
export interface Pieces {
  /** Where each piece ends, counted from the start of the chunk. */
  readonly ends: readonly number[];
  /** A name for each: 32 bits made of its bytes. Pieces of other bytes may have the same name, though few do. */
  readonly names: readonly number[];
}

/**
 * Cuts a chunk into small pieces by the bytes themselves, so that two chunks that are alike in parts have pieces in
 * common: a gear hash, as the chunker's, with its own table.
 *
 * Where to cut is part of the protocol: client and server cut the same chunk, and count its pieces alike.
 *
 * @param chunk The bytes.
 * @returns Its pieces, in order; none of no bytes.
 */
export function cutPieces(chunk: Uint8Array): Pieces {
  const ends: number[] = [];
  const names: number[] = [];
  for (let start = 0; start < chunk.length;) {
    const end = findEnd(chunk, start);
    ends.push(end);
    names.push(nameOf(chunk, start, end));
    start = end;
  }
  return { ends, names };
}

/** Where the piece ends that begins at `start`. */
function findEnd(chunk: Uint8Array, start: number): number {
  const limit = Math.min(chunk.length, start + pieceBytesMax);
  let hash = 0;
  // The mask looks at what 32 bytes make of the hash; those before the shortest length have no part in it.
  for (let at = start + pieceBytesMin - gearBytes; at < limit; at++) {
    hash = ((hash << 1) + gear[chunk[at]!]!) | 0;
    if ((hash & boundaryMask) === 0 && at - start >= pieceBytesMin - 1) return at + 1;
  }
  return limit;
}

/** 32 bits made of some bytes: FNV-1a, with the last step of MurmurHash3 behind it, without which its low bits are poor. */
function nameOf(chunk: Uint8Array, start: number, end: number): number {
  let name = 0x811c9dc5 | 0;
  for (let at = start; at < end; at++) name = Math.imul(name ^ chunk[at]!, 0x01000193);
  name = Math.imul(name ^ (name >>> 16), 0x85ebca6b);
  name = Math.imul(name ^ (name >>> 13), 0xc2b2ae35);
  return (name ^ (name >>> 16)) >>> 0;
}

/** How many bytes have a part in a gear hash of 32 bits. */
const gearBytes = 32;

/** 256 numbers of 32 bits, the same everywhere and for ever: outputs of the LCG of Numerical Recipes, mixed. */
const gear = makeGear();

function makeGear(): Int32Array {
  const table = new Int32Array(256);
  let state = 0x64656c74;
  for (let i = 0; i < 256; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const mixed = Math.imul(state ^ (state >>> 16), 0x7feb352d);
    table[i] = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b) ^ (mixed >>> 16);
  }
  return table;
}

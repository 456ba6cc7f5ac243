/** How finely bytes are cut into pieces. */
export interface Grain {
  /** The shortest piece in bytes, but for the last. */
  readonly bytesMin: number;
  /** The longest piece in bytes. */
  readonly bytesMax: number;
  /** Which bits of the gear hash are zero at a boundary. */
  readonly mask: number;
}

/**
 * From the shortest length on one in 2^9 positions is a boundary: pieces of 1 KiB on the average. Their lengths differ
 * little, since an edit hits long ones more often, and the whole of a piece that it hits has to be made up for.
 */
export const coarse: Grain = { bytesMin: 512, bytesMax: 4096, mask: 0xff800000 | 0 };
/** One in 2^6 positions is a boundary: pieces of 128 bytes on the average, into which a coarse one is cut in its turn. */
export const fine: Grain = { bytesMin: 64, bytesMax: 512, mask: 0xfc000000 | 0 };

/** How many fine pieces a coarse one has at most. */
export const finePiecesMax: number = coarse.bytesMax / fine.bytesMin;

if (fine.bytesMax > coarse.bytesMax || coarse.bytesMin < 32 || fine.bytesMin < 32) {
  throw new RangeError(
    "Fine pieces must fit into coarse ones, and 32 bytes, which a boundary depends on, into a piece",
  );
}

/** Some bytes as they are cut into pieces. */
export interface Pieces {
  /** Where each piece ends, counted from the start of the bytes. */
  readonly ends: readonly number[];
  /** A name for each: 32 bits made of its bytes. Pieces of other bytes may have the same name, though few do. */
  readonly names: readonly number[];
}

/**
 * Cuts bytes into small pieces by the bytes themselves, so that two chunks that are alike in parts have pieces in common: a
 * gear hash, as the chunker's, with its own table.
 *
 * Where to cut is part of the protocol: client and server cut the same chunk, and count its pieces alike.
 *
 * @param bytes A chunk, or a coarse piece of one.
 * @param grain How finely.
 * @returns Its pieces, in order; none of no bytes.
 */
export function cutPieces(bytes: Uint8Array, grain: Grain): Pieces {
  const ends = pieceEnds(bytes, grain);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { ends, names: ends.map((end, index) => nameOf(view, ends[index - 1] ?? 0, end)) };
}

/** Where each piece ends that {@linkcode cutPieces} cuts bytes into, where their names are of no use. */
export function pieceEnds(bytes: Uint8Array, grain: Grain): number[] {
  const ends: number[] = [];
  for (let start = 0; start < bytes.length;) ends.push(start = findEnd(bytes, start, grain));
  return ends;
}

/** Where the piece ends that begins at `start`. */
function findEnd(bytes: Uint8Array, start: number, { bytesMin, bytesMax, mask }: Grain): number {
  const limit = Math.min(bytes.length, start + bytesMax);
  const least = start + bytesMin - 1;
  let hash = 0;
  // A boundary depends on no more than the 32 bytes before it.
  for (let at = start + bytesMin - 32; at < limit; at++) {
    hash = ((hash << 1) + gear[bytes[at]!]!) | 0;
    if ((hash & mask) === 0 && at >= least) return at + 1;
  }
  return limit;
}

/** 32 bits made of some bytes: MurmurHash3 (x86, 32 bits), of seed 0. */
function nameOf(view: DataView, start: number, end: number): number {
  let name = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    name ^= scramble(view.getInt32(at, true));
    name = (Math.imul((name << 13) | (name >>> 19), 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let byte = end - 1; byte >= at; byte--) rest = (rest << 8) | view.getUint8(byte);
  name ^= scramble(rest) ^ (end - start);
  name = Math.imul(name ^ (name >>> 16), 0x85ebca6b);
  name = Math.imul(name ^ (name >>> 13), 0xc2b2ae35);
  return (name ^ (name >>> 16)) >>> 0;
}

function scramble(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

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

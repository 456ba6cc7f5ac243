import { chunkBytesMax, frameHeadBytesMax, frameRawBytesTarget } from "./frame.ts";

/** Holds any frame that a `FrameBuilder` makes, in bytes. */
const pieceBytes: number = frameHeadBytesMax + frameRawBytesTarget + chunkBytesMax;
/** Frames shorter than this get memory of their own: a whole piece would be wasted on them. */
const pooledBytesMin: number = pieceBytes / 4;
/** How many pieces are kept while nobody uses them: 10 MiB. */
export const sparePiecesMax = 8;

/** Gives room to put a frame into. */
export interface FrameRoom {
  /** Room for `bytes` bytes of any content. */
  take(bytes: number): Uint8Array<ArrayBuffer>;
}

/**
 * Memory for the frames that are taken in, used again and again: fresh memory costs as much time as hashing a quarter of
 * what is written to it, since the system clears it page by page.
 */
export class FrameMemory implements FrameRoom {
  readonly #spare: ArrayBuffer[] = [];

  take(bytes: number): Uint8Array<ArrayBuffer> {
    if (bytes < pooledBytesMin || bytes > pieceBytes) return new Uint8Array(bytes);
    return new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(pieceBytes), 0, bytes);
  }

  /** Takes room back that {@linkcode take} gave; its holder must not look at it any more. */
  give({ buffer }: Uint8Array<ArrayBuffer>): void {
    if (buffer.byteLength === pieceBytes && this.#spare.length < sparePiecesMax) this.#spare.push(buffer);
  }
}

/**
 * Gives memory that was made for an unpacked frame back to the system; nobody must look at it any more. Left to the garbage
 * collector, which sees little of it, it would pile up to all that a run unpacks.
 */
export function freeUnpacked({ buffer }: Uint8Array<ArrayBuffer>): void {
  // What is small may lie in memory with other things.
  if (buffer.byteLength >= pooledBytesMin) buffer.transfer(0);
}

/** Room for frames that are needed together, and given back together. */
export class FrameLoan implements FrameRoom, Disposable {
  readonly #memory: FrameMemory;
  #taken: Uint8Array<ArrayBuffer>[] = [];
  #unpacked: Uint8Array<ArrayBuffer>[] = [];

  /**
   * Lends nothing yet.
   *
   * @param memory Where the room comes from.
   */
  constructor(memory: FrameMemory) {
    this.#memory = memory;
  }

  take(bytes: number): Uint8Array<ArrayBuffer> {
    const room = this.#memory.take(bytes);
    this.#taken.push(room);
    return room;
  }

  /** Takes over memory that was made for an unpacked frame, to be freed with the rest. */
  takeOver(unpacked: Uint8Array<ArrayBuffer>): void {
    this.#unpacked.push(unpacked);
  }

  /** Gives all of it back; nobody must look at it any more. */
  [Symbol.dispose](): void {
    for (const room of this.#taken) this.#memory.give(room);
    for (const unpacked of this.#unpacked) freeUnpacked(unpacked);
    this.#taken = [];
    this.#unpacked = [];
  }
}

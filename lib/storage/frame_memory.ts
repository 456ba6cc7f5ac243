import { chunkBytesMax, frameHeadBytesMax, frameRawBytesTarget } from "./frame.ts";

/** Holds any frame that a `FrameBuilder` makes, in bytes. */
const pieceBytes: number = frameHeadBytesMax + frameRawBytesTarget + chunkBytesMax;
/** Frames shorter than this get memory of their own: a whole piece would be wasted on them. */
const pooledBytesMin: number = pieceBytes / 4;
/** How many pieces are kept while nobody uses them: 10 MiB. */
export const sparePiecesMax = 8;

/**
 * Memory for the frames that are taken in, used again and again: fresh memory costs as much time as hashing a quarter of
 * what is written to it, since the system clears it page by page.
 */
export class FrameMemory {
  readonly #spare: ArrayBuffer[] = [];

  /** Room for `bytes` bytes of any content. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    if (bytes < pooledBytesMin || bytes > pieceBytes) return new Uint8Array(bytes);
    return new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(pieceBytes), 0, bytes);
  }

  /** Takes room back that {@linkcode take} gave; its holder must not look at it any more. */
  give({ buffer }: Uint8Array<ArrayBuffer>): void {
    if (buffer.byteLength === pieceBytes && this.#spare.length < sparePiecesMax) this.#spare.push(buffer);
  }
}

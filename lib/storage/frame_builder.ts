import { chunkBytesMax, encodeFrame, frameChunksMax, frameRawBytesTarget } from "./frame.ts";

/**
 * Collects chunks and packs them into frames of about {@linkcode frameRawBytesTarget} bytes. Memory is bounded: one
 * buffer that is filled again and again, and the frame that is handed out.
 *
 * @example
 * ```ts
 * import { FrameBuilder } from "./frame_builder.ts";
 * import { assert } from "@std/assert";
 * const builder = new FrameBuilder();
 * const full = builder.add(new TextEncoder().encode("a chunk"));
 * assert(full === undefined && builder.finish() !== undefined);
 * ```
 */
export class FrameBuilder {
  /** Made for the first chunk: many a builder never gets one. */
  #raw: Uint8Array<ArrayBuffer> | undefined;
  #rawBytes = 0;
  #lengths: number[] = [];

  /** Bytes of the chunks that wait for their frame. */
  get rawBytes(): number {
    return this.#rawBytes;
  }

  /** How many chunks wait for their frame. */
  get chunks(): number {
    return this.#lengths.length;
  }

  /**
   * Takes in a chunk; copies its bytes.
   *
   * @param chunk 1 to {@linkcode chunkBytesMax} bytes.
   * @returns A frame with this chunk and all before it, in memory of its own, if this one filled it.
   */
  add(chunk: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
    if (chunk.length < 1 || chunk.length > chunkBytesMax) throw new RangeError(`Not a chunk: ${chunk.length} bytes`);
    this.#raw ??= new Uint8Array(frameRawBytesTarget + chunkBytesMax);
    this.#raw.set(chunk, this.#rawBytes);
    this.#rawBytes += chunk.length;
    this.#lengths.push(chunk.length);
    const full = this.#rawBytes >= frameRawBytesTarget || this.#lengths.length === frameChunksMax;
    return full ? this.finish() : undefined;
  }

  /** Packs what waits into a last frame, which may be small; `undefined` if nothing waits. The builder can go on. */
  finish(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#raw === undefined || this.#lengths.length === 0) return undefined;
    const frame = encodeFrame(this.#raw.subarray(0, this.#rawBytes), this.#lengths);
    this.#rawBytes = 0;
    this.#lengths = [];
    return frame;
  }
}

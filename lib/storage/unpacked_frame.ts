import { ok, type Result } from "../core/mod.ts";
import { type FrameError, type FrameHead, unpackFrame } from "./frame.ts";

/** The chunks of a frame, unpacked. */
export class UnpackedFrame {
  /** The chunks' bytes, one behind the other. */
  readonly raw: Uint8Array<ArrayBuffer>;
  /** The length of each chunk in bytes. */
  readonly lengths: readonly number[];
  readonly #starts: Uint32Array;

  private constructor(raw: Uint8Array<ArrayBuffer>, lengths: readonly number[]) {
    this.raw = raw;
    this.lengths = lengths;
    this.#starts = new Uint32Array(lengths.length);
    for (let i = 1; i < lengths.length; i++) this.#starts[i] = this.#starts[i - 1]! + lengths[i - 1]!;
  }

  /**
   * Checks and unpacks a frame.
   *
   * @param frame The whole frame; bytes after it are ignored.
   * @param head Its head, by `readFrameHead`.
   * @returns The chunks; views into `frame` if it is not compressed.
   */
  static from(frame: Uint8Array<ArrayBuffer>, head: FrameHead): Result<UnpackedFrame, FrameError> {
    const raw = unpackFrame(frame, head);
    return raw.ok ? ok(new UnpackedFrame(raw.value, head.lengths)) : raw;
  }

  /** The bytes of a chunk, a view; `undefined` if the frame has no such position. */
  chunk(position: number): Uint8Array<ArrayBuffer> | undefined {
    const start = this.#starts[position];
    const length = this.lengths[position];
    return start === undefined || length === undefined ? undefined : this.raw.subarray(start, start + length);
  }

  /** The chunks at some positions alone, one behind the other, and the length of each; a copy. */
  only(positions: readonly number[]): { raw: Uint8Array<ArrayBuffer>; lengths: number[] } {
    const chunks = positions.map((position) => this.chunk(position) ?? new Uint8Array());
    const lengths = chunks.map((chunk) => chunk.length);
    const raw = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
    let at = 0;
    for (const chunk of chunks) {
      raw.set(chunk, at);
      at += chunk.length;
    }
    return { raw, lengths };
  }
}

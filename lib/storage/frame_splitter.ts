import { err, ok, type Result } from "../core/mod.ts";
import type { FrameRoom } from "./frame_memory.ts";
import { frameBytesMin, frameEnd, type FrameError, frameHeadBytesMax, readFrameHead } from "./frame.ts";

/**
 * Cuts a stream of bytes into frames, in pieces of any size. Each byte of a payload is copied once; at most one frame
 * is held.
 */
export class FrameSplitter {
  readonly #memory: FrameRoom | undefined;
  /** The beginning of a head whose rest is still to come. */
  readonly #head = new Uint8Array(frameHeadBytesMax);
  #headBytes = 0;
  /** At least so many bytes of the head are needed before reading it is worth a try. */
  #headBytesWanted = frameBytesMin;
  /** The frame whose head is known. */
  #frame: Uint8Array<ArrayBuffer> | undefined;
  #frameBytes = 0;

  /**
   * Begins before the first frame of a stream.
   *
   * @param memory What frames are put into; each into fresh memory unless given.
   */
  constructor(memory?: FrameRoom) {
    this.#memory = memory;
  }

  /**
   * Takes in the next piece and yields the frames that it completes, each whole and in memory of its own. What is wrong
   * is yielded last; then the splitter is of no more use. The piece is not needed after the last frame was taken.
   */
  *push(piece: Uint8Array): Generator<Result<Uint8Array<ArrayBuffer>, FrameError>, void> {
    let rest = piece;
    while (rest.length > 0) {
      if (this.#frame === undefined) {
        // As a rule the whole head lies in the piece; it is gathered only where a piece breaks off within it.
        const inPiece = this.#headBytes === 0;
        if (!inPiece) rest = this.#gatherHead(rest);
        const problem = this.#readHead(inPiece ? rest : this.#head.subarray(0, this.#headBytes));
        if (problem !== undefined) return yield err(problem);
        if (inPiece && this.#frame === undefined) rest = this.#gatherHead(rest);
      } else {
        rest = this.#fillFrame(rest, this.#frame);
      }
      const whole = this.#takeWhole();
      if (whole !== undefined) yield ok(whole);
    }
  }

  /** Says what is wrong if the stream ends here: nothing, or `truncated` in the middle of a frame. */
  end(): FrameError | undefined {
    if (this.#frame === undefined && this.#headBytes === 0) return undefined;
    return { code: "truncated", message: "The stream ends in the middle of a frame" };
  }

  #gatherHead(piece: Uint8Array): Uint8Array {
    const count = Math.min(piece.length, this.#headBytesWanted - this.#headBytes);
    this.#head.set(piece.subarray(0, count), this.#headBytes);
    this.#headBytes += count;
    return piece.subarray(count);
  }

  /** Reads a head and makes room for its frame, with what was gathered in it, or learns how many bytes are wanted. */
  #readHead(bytes: Uint8Array): FrameError | undefined {
    if (bytes.length < this.#headBytesWanted) return undefined;
    const head = readFrameHead(bytes);
    if (head.ok) {
      const length = frameEnd(head.value);
      this.#frame = this.#memory?.take(length) ?? new Uint8Array(length);
      this.#frame.set(this.#head.subarray(0, this.#headBytes));
      this.#frameBytes = this.#headBytes;
    } else if (head.error.missingBytes === undefined) {
      return head.error;
    } else {
      this.#headBytesWanted = bytes.length + head.error.missingBytes;
    }
    return undefined;
  }

  #fillFrame(piece: Uint8Array, frame: Uint8Array): Uint8Array {
    const count = Math.min(piece.length, frame.length - this.#frameBytes);
    frame.set(piece.subarray(0, count), this.#frameBytes);
    this.#frameBytes += count;
    return piece.subarray(count);
  }

  #takeWhole(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#frame === undefined || this.#frameBytes < this.#frame.length) return undefined;
    const frame = this.#frame;
    this.#frame = undefined;
    this.#headBytes = 0;
    this.#headBytesWanted = frameBytesMin;
    return frame;
  }
}

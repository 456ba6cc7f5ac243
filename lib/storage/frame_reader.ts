import { err, type Result } from "../core/mod.ts";
import type { FrameError } from "./frame.ts";
import type { FrameRoom } from "./frame_memory.ts";
import { FrameSplitter } from "./frame_splitter.ts";

/**
 * Reads the frames of a body as its bytes arrive.
 *
 * @param source The body in pieces of any size; each piece need only be valid until the next is asked for.
 * @param memory What the frames are read into, for who gives it back; fresh memory unless given.
 * @returns The frames in order, each whole, in memory of its own and no longer than `frameBytesMax`; their payload is
 * not checked yet. If the body ends within a frame, or is none, the last thing yielded says so. Frames before it are
 * good.
 *
 * @example
 * ```ts
 * import { readFrames } from "./frame_reader.ts";
 * import { encodeFrame } from "./frame.ts";
 * import { assertEquals } from "@std/assert";
 * const frame = encodeFrame(new Uint8Array(100), [100]);
 * const seen = await Array.fromAsync(readFrames(ReadableStream.from([frame.subarray(0, 7), frame.subarray(7)])));
 * assertEquals(seen, [{ ok: true, value: frame }]);
 * ```
 */
export async function* readFrames(
  source: AsyncIterable<Uint8Array>,
  memory?: FrameRoom,
): AsyncGenerator<Result<Uint8Array<ArrayBuffer>, FrameError>, void> {
  const splitter = new FrameSplitter(memory);
  for await (const piece of source) {
    for (const frame of splitter.push(piece)) {
      yield frame;
      if (!frame.ok) return;
    }
  }
  const problem = splitter.end();
  if (problem !== undefined) yield err(problem);
}

import { err, ok, type Result } from "../core/mod.ts";
import type { FrameError } from "./frame.ts";
import { type FrameMemory, freeUnpacked } from "./frame_memory.ts";
import { readFrames } from "./frame_reader.ts";
import { type NamedFrame, nameFrame } from "./named_frame.ts";

/** A batch is full with the frame that brings it to so many bytes: what a request being taken in holds in memory. */
export const batchBytesMax: number = 8 * 1024 * 1024;

/** Frames that are stored together, or what is wrong with the frame after those of the batches before. */
export type NamedBatch = Result<readonly NamedFrame[], FrameError>;

/**
 * Reads the frames of a body, unpacks them, names their chunks, and gives them in batches.
 *
 * @param source The body in pieces of any size; each piece need only be valid until the next is asked for.
 * @param memory What frames are read into; a batch is void when the next one is asked for.
 * @returns Batches of at least one frame. If something is wrong with a frame, the last thing yielded says so; if the
 * source fails, that is thrown. Either way every frame before it was in a batch.
 */
export async function* namedBatches(
  source: AsyncIterable<Uint8Array>,
  memory: FrameMemory,
): AsyncGenerator<NamedBatch, void> {
  let batch: NamedFrame[] = [];
  let batchBytes = 0;
  function* takeBatch(): Generator<NamedBatch, void> {
    if (batch.length > 0) yield ok(batch);
    for (const { bytes, unpacked } of batch) {
      if (unpacked.raw.buffer !== bytes.buffer) freeUnpacked(unpacked.raw);
      memory.give(bytes);
    }
    batch = [];
    batchBytes = 0;
  }
  try {
    for await (const frame of readFrames(source, memory)) {
      const named = frame.ok ? await nameFrame(frame.value) : frame;
      if (!named.ok) {
        yield* takeBatch();
        return yield err(named.error);
      }
      batch.push(named.value);
      batchBytes += named.value.bytes.length;
      if (batchBytes >= batchBytesMax) yield* takeBatch();
    }
  } catch (cause) {
    yield* takeBatch();
    throw cause;
  }
  yield* takeBatch();
}

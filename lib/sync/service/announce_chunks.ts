import type { Hash } from "../../core/mod.ts";
import type { Correlation, EventBus } from "../../events/mod.ts";
import { readFrameHead } from "../../storage/mod.ts";

/** A frame that was taken in. */
export interface ReceivedFrame {
  readonly frame: Uint8Array;
  /** The names of its chunks, in order. */
  readonly hashes: readonly Hash[];
  /** Whose it is. */
  readonly from: Correlation;
}

/** Tells everybody who listens what came in a frame: how much, and each chunk. */
export function announceChunks(events: EventBus, { frame, hashes, from }: ReceivedFrame): void {
  if (!events.wants("upload.chunks_received") && !events.wants("upload.chunk_received")) return;
  const head = readFrameHead(frame);
  if (!head.ok) return;
  const { lengths, rawBytes } = head.value;
  events.emit("upload.chunks_received", { ...from, chunks: hashes.length, size: rawBytes });
  if (!events.wants("upload.chunk_received")) return;
  for (const [index, hash] of hashes.entries()) {
    events.emit("upload.chunk_received", { ...from, hash, size: lengths[index] ?? 0 });
  }
}

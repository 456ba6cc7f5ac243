/// <reference lib="deno.worker" />
/**
 * What a {@linkcode PackThread} runs: packs chunks into frames, while the thread that reads the files reads on.
 *
 * @module
 */
import { packFrames } from "./frame_packer.ts";
import type { PackReply, PackTask } from "./pack_thread.ts";

self.onmessage = ({ data }: MessageEvent<PackTask>): void => {
  const { id, buffer, chunks } = data;
  const pieces = packFrames(buffer, chunks).map((piece) => standingAlone(piece, buffer));
  const reply: PackReply = { id, buffer, pieces };
  self.postMessage(reply, [...new Set([buffer, ...pieces].map((bytes) => bytes.buffer as ArrayBuffer))]);
};

/** A piece in memory that can be handed over: that of the buffer, or its own; small ones may lie in a pool of Deno's. */
function standingAlone(piece: Uint8Array, buffer: Uint8Array): Uint8Array {
  return piece.buffer === buffer.buffer || piece.byteLength === piece.buffer.byteLength ? piece : piece.slice();
}

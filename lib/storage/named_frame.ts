import { err, type Hash, ok, type Result, sha256 } from "../core/mod.ts";
import { frameEnd, type FrameError, readFrameHead } from "./frame.ts";
import { UnpackedFrame } from "./unpacked_frame.ts";

/** A frame whose chunks are unpacked and named. */
export interface NamedFrame {
  readonly unpacked: UnpackedFrame;
  /** The name of each chunk, in order. */
  readonly hashes: readonly Hash[];
}

/**
 * Unpacks a frame and computes the name of each chunk.
 *
 * @param bytes One frame and nothing else.
 * @returns The frame, or what is wrong with it.
 */
export function nameFrame(bytes: Uint8Array): Result<NamedFrame, FrameError> {
  const head = readFrameHead(bytes);
  if (!head.ok) return head;
  if (bytes.length > frameEnd(head.value)) {
    return err({ code: "malformed", message: `${bytes.length - frameEnd(head.value)} bytes follow a frame` });
  }
  const unpacked = UnpackedFrame.from(bytes);
  if (!unpacked.ok) return unpacked;
  return ok({ unpacked: unpacked.value, hashes: nameChunks(unpacked.value) });
}

/** Computes the name of each chunk, in order. */
export function nameChunks(unpacked: UnpackedFrame): Hash[] {
  let start = 0;
  return unpacked.lengths.map((length) => sha256(unpacked.raw.subarray(start, start += length)));
}

import { err, type Hash, ok, type Result, sha256, sha256Async } from "../core/mod.ts";
import { frameEnd, type FrameError, readFrameHead } from "./frame.ts";
import { UnpackedFrame } from "./unpacked_frame.ts";

/** A frame whose chunks are unpacked and named. */
export interface NamedFrame {
  /** The frame as it came. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly unpacked: UnpackedFrame;
  /** The name of each chunk, in order. */
  readonly hashes: readonly Hash[];
}

/**
 * From this length on a chunk is hashed on another thread. Measured on 2 cores over 256 MiB: of 256 KiB chunks it takes
 * 0.12 s instead of 0.22 s at equal CPU time; of 64 KiB chunks it takes as long and half as much CPU time again.
 */
export const hashAsideBytesMin: number = 128 * 1024;

/**
 * Unpacks a frame and computes the name of each chunk.
 *
 * @param bytes One frame and nothing else.
 * @returns The frame, or what is wrong with it.
 */
export async function nameFrame(bytes: Uint8Array<ArrayBuffer>): Promise<Result<NamedFrame, FrameError>> {
  const head = readFrameHead(bytes);
  if (!head.ok) return head;
  if (bytes.length > frameEnd(head.value)) {
    return err({ code: "malformed", message: `${bytes.length - frameEnd(head.value)} bytes follow a frame` });
  }
  const unpacked = UnpackedFrame.from(bytes, head.value);
  if (!unpacked.ok) return unpacked;
  return ok({ bytes, unpacked: unpacked.value, hashes: await nameChunks(unpacked.value) });
}

/** Computes the name of each chunk, in order. */
export async function nameChunks(unpacked: UnpackedFrame): Promise<Hash[]> {
  let start = 0;
  return await Promise.all(unpacked.lengths.map((length) => {
    const chunk = unpacked.raw.subarray(start, start += length);
    return length < hashAsideBytesMin ? sha256(chunk) : sha256Async(chunk);
  }));
}

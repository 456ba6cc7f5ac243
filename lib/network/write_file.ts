import { largeBuffers } from "./buffer_pool.ts";
import type { ConnectionOutput } from "./connection_output.ts";
import type { FileBody } from "./file_body.ts";

/**
 * Writes a part of a file, reading the next piece while the last one is written, and closes it.
 *
 * Throws if the file has become shorter: what was announced cannot be sent then.
 */
export async function writeFile(body: FileBody, output: ConnectionOutput): Promise<void> {
  using _file = body;
  let [current, next] = [largeBuffers.take(), largeBuffers.take()];
  try {
    await body.rewind();
    let left = body.length;
    let count = await readPiece(body, current, left);
    while (count > 0) {
      left -= count;
      const writing = output.write(current.subarray(0, count));
      const reading = readPiece(body, next, left);
      [, count] = await settleBoth(writing, reading);
      [current, next] = [next, current];
    }
    if (left > 0) throw new Error(`The file ended ${left} bytes early`);
  } finally {
    largeBuffers.give(current);
    largeBuffers.give(next);
  }
}

async function readPiece(body: FileBody, buffer: Uint8Array, left: number): Promise<number> {
  return left === 0 ? 0 : await body.read(buffer.subarray(0, Math.min(buffer.length, left))) ?? 0;
}

/** Waits for both even if one fails, since both hold a buffer. */
async function settleBoth<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

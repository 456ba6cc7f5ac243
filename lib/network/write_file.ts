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
    let count = await body.read(current);
    while (count > 0) {
      const writing = output.write(current.subarray(0, count));
      const reading = body.read(next);
      // Both hold a buffer: neither may be left running when the other fails.
      await Promise.allSettled([writing, reading]);
      await writing;
      count = await reading;
      [current, next] = [next, current];
    }
  } finally {
    largeBuffers.give(current);
    largeBuffers.give(next);
  }
}

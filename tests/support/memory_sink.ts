import { type Hash, sha256 } from "../../lib/core/mod.ts";
import { type ChunkWindow, windowBytes, type WindowSink } from "../../lib/sync/mod.ts";
import { assertEquals } from "@std/assert";

/** Takes windows as an upload does, and checks them: chunks in order, each with its bytes; nobody uses a window again. */
export class MemorySink implements WindowSink {
  /** The chunks that came, in order. */
  readonly hashes: Hash[] = [];
  /** How many windows came. */
  windows = 0;
  #spare: Uint8Array<ArrayBuffer> | undefined;

  take({ buffer, chunks }: ChunkWindow): Promise<Uint8Array<ArrayBuffer>> {
    this.windows++;
    let end = 0;
    for (const chunk of chunks) {
      if (chunk.start < end) throw new Error(`A chunk begins at ${chunk.start}, the one before ends at ${end}`);
      end = chunk.end;
      assertEquals(sha256(buffer.subarray(chunk.start, chunk.end)), chunk.hash);
      this.hashes.push(chunk.hash);
    }
    buffer.fill(0xee);
    const next = this.#spare ?? new Uint8Array(windowBytes).fill(0xee);
    this.#spare = buffer;
    return Promise.resolve(next);
  }
}

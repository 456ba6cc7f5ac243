import { assert, assertEquals, assertRejects } from "@std/assert";
import { sha256 } from "../../lib/core/mod.ts";
import { FrameMemory } from "../../lib/storage/frame_memory.ts";
import { batchBytesMax, type NamedBatch, namedBatches } from "../../lib/storage/named_batches.ts";
import { concat, frameOf, noise } from "./fixtures.ts";

/** The names of the chunks in each batch, while it is valid, and the code of what is wrong at the end. */
async function namesIn(batches: AsyncIterable<NamedBatch>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const batch of batches) {
    seen.push(batch.ok ? batch.value.flatMap(({ hashes }) => hashes) : batch.error.code);
  }
  return seen;
}

const chunks = Array.from({ length: 3 }, (_, seed) => noise(500, seed));
const frames = chunks.map((chunk) => frameOf([chunk]));

Deno.test("namedBatches() gives what came in one batch, and none for nothing", async () => {
  const batches = namedBatches(ReadableStream.from(frames), new FrameMemory());
  assertEquals(await namesIn(batches), [chunks.map(sha256)]);
  assertEquals(await namesIn(namedBatches(ReadableStream.from([]), new FrameMemory())), []);
});

Deno.test("namedBatches() ends a batch with the frame that fills it, and reads the next into the same memory", async () => {
  const parts = Array.from({ length: 4 }, (_, seed) => noise(250_000, seed));
  const large = frameOf(parts);
  const framesInBatch = Math.ceil(batchBytesMax / large.length);
  const source = ReadableStream.from(Array.from({ length: 2 * framesInBatch + 1 }, () => large));
  const sizes: number[] = [];
  const buffers = new Set<ArrayBuffer>();
  for await (const batch of namedBatches(source, new FrameMemory())) {
    assert(batch.ok);
    sizes.push(batch.value.length);
    for (const { bytes, hashes } of batch.value) {
      buffers.add(bytes.buffer);
      assertEquals([bytes, hashes], [large, parts.map(sha256)]);
    }
  }
  assertEquals(sizes, [framesInBatch, framesInBatch, 1]);
  assert(buffers.size <= framesInBatch + 1, `${buffers.size} buffers`);
});

Deno.test("namedBatches() gives the frames before a broken one, then what is wrong", async () => {
  const broken = concat([frames[0]!, frames[1]!, new TextEncoder().encode("this is no frame"), frames[2]!]);
  const batches = namedBatches(ReadableStream.from([broken]), new FrameMemory());
  assertEquals(await namesIn(batches), [chunks.slice(0, 2).map(sha256), "malformed"]);
  const cut = namedBatches(ReadableStream.from([frames[0]!.subarray(0, 100)]), new FrameMemory());
  assertEquals(await namesIn(cut), ["truncated"]);
});

Deno.test("namedBatches() gives the frames that came before the source failed, then throws", async () => {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* frames;
    await Promise.reject(new Error("The connection is gone"));
  }
  const batches = namedBatches(source(), new FrameMemory());
  assertEquals((await batches.next()).value?.ok, true);
  await assertRejects(() => batches.next(), Error, "The connection is gone");
});

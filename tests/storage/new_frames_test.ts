import { assert, assertEquals } from "@std/assert";
import { sha256 } from "../../lib/core/mod.ts";
import { type NamedFrame, nameFrame } from "../../lib/storage/named_frame.ts";
import { newFrames } from "../../lib/storage/new_frames.ts";
import { frameOf, noise } from "./fixtures.ts";

const [one, two, three, four] = [noise(300, 1), noise(300, 2), noise(300, 3), noise(300, 4)];

async function named(...chunks: readonly Uint8Array[]): Promise<NamedFrame> {
  const frame = await nameFrame(frameOf(chunks));
  assert(frame.ok);
  return frame.value;
}

Deno.test("newFrames() keeps a frame as it came if all its chunks are new", async () => {
  const batch = [await named(one, two), await named(three)];
  const news = newFrames(batch, [false, false, false]);
  assertEquals(news.map(({ bytes }) => bytes), batch.map(({ bytes }) => bytes));
  assert(news.every(({ bytes }, at) => bytes === batch[at]?.bytes));
  assertEquals(news.map(({ hashes }) => hashes), [[one, two].map(sha256), [sha256(three)]]);
});

Deno.test("newFrames() makes frames anew of what is neither stored nor in a frame before, and drops empty ones", async () => {
  const batch = [await named(one, two, one), await named(two, one), await named(three, four, two)];
  const news = newFrames(batch, [false, false, false, false, false, true, false, false]);
  assertEquals(news.map(({ bytes }) => bytes), [frameOf([one, two]), frameOf([four])]);
  assertEquals(news.map(({ hashes }) => hashes), [[one, two].map(sha256), [sha256(four)]]);
  assertEquals(news.map(({ chunkLengths }) => chunkLengths), [[300, 300], [300]]);
});

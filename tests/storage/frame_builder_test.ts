import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  chunkBytesMax,
  FrameBuilder,
  frameChunksMax,
  frameRawBytesTarget,
  readFrameHead,
  unpackFrame,
} from "../../lib/storage/mod.ts";
import { concat, noise } from "./fixtures.ts";

function packAll(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  const builder = new FrameBuilder();
  const frames = chunks.map((chunk) => builder.add(chunk));
  return [...frames, builder.finish()].filter((frame) => frame !== undefined);
}

function lengthsIn(frame: Uint8Array): readonly number[] {
  const head = readFrameHead(frame);
  assert(head.ok);
  return head.value.lengths;
}

function bytesIn(frame: Uint8Array): Uint8Array {
  const head = readFrameHead(frame);
  assert(head.ok);
  const raw = unpackFrame(frame, head.value);
  assert(raw.ok);
  return raw.value;
}

Deno.test("FrameBuilder packs all chunks in order", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: chunkBytesMax }), { maxLength: 20 });
  fc.assert(
    fc.property(sizes, (sizes) => {
      const chunks = sizes.map((size, index) => noise(size, index));
      const frames = packAll(chunks);
      assertEquals(frames.flatMap(lengthsIn), sizes);
      assertEquals(concat(frames.map(bytesIn)), concat(chunks));
    }),
    { numRuns: 20 },
  );
});

Deno.test("FrameBuilder gives a frame once the target is reached, and the last by finish()", () => {
  const builder = new FrameBuilder();
  const chunk = noise(chunkBytesMax, 1);
  for (let bytes = chunk.length; bytes < frameRawBytesTarget; bytes += chunk.length) {
    assertEquals(builder.add(chunk), undefined);
    assertEquals(builder.rawBytes, bytes);
  }
  assert(builder.add(chunk) !== undefined);
  assertEquals([builder.rawBytes, builder.chunks, builder.finish()], [0, 0, undefined]);
  builder.add(chunk);
  assert(builder.finish() !== undefined);
});

Deno.test("FrameBuilder puts no more chunks into a frame than it can hold", () => {
  const frames = packAll(Array.from({ length: frameChunksMax + 1 }, (_, index) => new Uint8Array([index])));
  assertEquals(frames.map((frame) => lengthsIn(frame).length), [frameChunksMax, 1]);
});

Deno.test("FrameBuilder copies what it is given, and gives frames that later ones leave alone", () => {
  const builder = new FrameBuilder();
  const reused = new Uint8Array([1, 2, 3]);
  builder.add(reused);
  reused.fill(9);
  const first = builder.finish();
  builder.add(reused);
  builder.finish();
  assert(first !== undefined);
  assertEquals([...bytesIn(first)], [1, 2, 3]);
});

Deno.test("FrameBuilder refuses what is no chunk", () => {
  const builder = new FrameBuilder();
  assertThrows(() => builder.add(new Uint8Array()), RangeError, "0 bytes");
  assertThrows(() => builder.add(new Uint8Array(chunkBytesMax + 1)), RangeError, "262145 bytes");
});

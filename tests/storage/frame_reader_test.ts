import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { frameBytesMax, frameBytesMin, type FrameError, readFrames } from "../../lib/storage/mod.ts";
import { ok, type Result } from "../../lib/core/mod.ts";
import { concat, frameOf, noise, prose } from "./fixtures.ts";

/** Gives `body` in pieces of the given sizes, over and over, all in one buffer that is spoiled after each piece. */
async function* inPieces(body: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(Math.max(...sizes));
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const piece = body.subarray(at, at + sizes[turn % sizes.length]!);
    at += piece.length;
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
    buffer.fill(0xee);
  }
}

async function split(
  body: Uint8Array,
  sizes: readonly number[],
): Promise<Result<Uint8Array<ArrayBuffer>, FrameError>[]> {
  return await Array.fromAsync(readFrames(inPieces(body, sizes)));
}

const frames = [
  frameOf([prose(900, 1), prose(80, 2)]),
  frameOf([noise(1, 3)]),
  frameOf(Array.from({ length: 300 }, (_, index) => noise(1 + index, index))),
  frameOf([noise(5000, 4)]),
];
const body = concat(frames);
const expected = frames.map((frame) => ok(frame));

Deno.test("readFrames() yields whole frames whatever the pieces", async () => {
  assertEquals(await split(body, [body.length]), expected);
  assertEquals(await split(body, [1]), expected);
  assertEquals(await split(body, [frameBytesMin - 1, frameBytesMin, frameBytesMin + 1]), expected);
  const sizes = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 8 });
  await fc.assert(fc.asyncProperty(sizes, async (sizes) => assertEquals(await split(body, sizes), expected)), {
    numRuns: 30,
  });
});

Deno.test("readFrames() gives each frame memory of its own", async () => {
  const seen = await split(body, [1000]);
  const buffers = new Set(seen.map((frame) => frame.ok ? frame.value.buffer : undefined));
  assertEquals(buffers.size, frames.length);
  for (const frame of seen) assert(frame.ok && frame.value.buffer.byteLength === frame.value.length);
});

Deno.test("readFrames() of an empty body yields nothing", async () => {
  assertEquals(await split(new Uint8Array(), [1]), []);
});

Deno.test("readFrames() reports a body cut at any byte, after the frames before it", async () => {
  const short = concat(frames.slice(0, 2));
  const first = frames[0]!.length;
  for (let length = 1; length < short.length; length++) {
    const seen = await split(short.subarray(0, length), [7]);
    if (length === first) {
      assertEquals(seen, expected.slice(0, 1));
      continue;
    }
    const last = seen.at(-1);
    assert(last !== undefined && !last.ok && last.error.code === "truncated", `${length}`);
    assertEquals(seen.length, length < first ? 1 : 2);
  }
});

Deno.test("readFrames() stops at what is no frame and reads no further", async () => {
  for (const sizes of [[1], [13], [1 << 20]]) {
    const seen = await split(concat([frames[0]!, new TextEncoder().encode("this is not a frame"), frames[1]!]), sizes);
    assertEquals(seen.length, 2);
    const last = seen[1]!;
    assert(!last.ok && last.error.code === "malformed");
  }
  let asked = 0;
  const endless = {
    async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
      while (true) {
        asked++;
        yield await Promise.resolve(new Uint8Array(64));
      }
    },
  };
  assertEquals((await Array.fromAsync(readFrames(endless))).length, 1);
  assertEquals(asked, 1);
});

Deno.test("readFrames() makes room for no more than the largest frame, whatever is announced", async () => {
  const magic = [0x64, 0x66, 0x73, 0x31];
  const seen = await split(new Uint8Array([...magic, 0, 1, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0, 0]), [4]);
  assertEquals(seen.map((frame) => frame.ok || frame.error.code), ["malformed"]);
  assert(frameBytesMax < 2.1 * 1024 * 1024);
});

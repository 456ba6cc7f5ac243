import { assertEquals } from "@std/assert";
import { packFrames, storeFrames } from "../../../lib/client/transfer/frame_packer.ts";

const chunks = [{ start: 0, end: 100_000 }, { start: 120_000, end: 200_000 }];

Deno.test("storeFrames() gives the frames of packFrames() where nothing compresses", () => {
  const buffer = randomBytes(200_000);
  assertEquals(storeFrames(buffer, chunks), packFrames(buffer, chunks));
});

Deno.test("storeFrames() leaves alone what is worth compressing", () => {
  assertEquals(storeFrames(new Uint8Array(200_000).fill(7), chunks), undefined);
});

Deno.test("storeFrames() leaves alone a buffer of which a later frame is worth compressing", () => {
  const buffer = randomBytes(1_600_000);
  buffer.fill(7, 1_200_000);
  const spans = Array.from({ length: 16 }, (_, index) => ({ start: index * 100_000, end: (index + 1) * 100_000 }));
  assertEquals(storeFrames(buffer, spans), undefined);
});

function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  for (let from = 0; from < count; from += 65_536) crypto.getRandomValues(bytes.subarray(from, from + 65_536));
  return bytes;
}

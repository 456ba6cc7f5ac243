import { assert, assertEquals } from "@std/assert";
import { constants, crc32, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { ByteWriter } from "../../lib/core/mod.ts";
import {
  chunkBytesMax,
  encodeFrame,
  frameBytesMax,
  frameBytesMin,
  frameChunksMax,
  frameEnd,
  frameMagic,
  frameRawBytesMax,
  readFrameHead,
  unpackFrame,
} from "../../lib/storage/mod.ts";
import { noise, prose } from "./fixtures.ts";

/** Splits `total` bytes into chunks of at most `most` bytes. */
function lengthsOf(total: number, most: number): number[] {
  const lengths = new Array<number>(Math.floor(total / most)).fill(most);
  return total % most === 0 ? lengths : [...lengths, total % most];
}

function unpacked(frame: Uint8Array): Uint8Array {
  const head = readFrameHead(frame);
  assert(head.ok, JSON.stringify(head));
  const raw = unpackFrame(frame, head.value);
  assert(raw.ok, JSON.stringify(raw));
  return raw.value;
}

/** A frame by hand, to lie in its head; the checksum is right. */
function forge(fields: { codec?: number; count?: number; lengths?: number[]; stored?: number; payload?: Uint8Array }) {
  const payload = fields.payload ?? new Uint8Array([7]);
  const lengths = fields.lengths ?? [payload.length];
  const writer = new ByteWriter();
  writer.uint32(frameMagic);
  writer.byte(fields.codec ?? 0);
  writer.varint(fields.count ?? lengths.length);
  for (const length of lengths) writer.varint(length);
  writer.varint(fields.stored ?? payload.length);
  writer.uint32(crc32(payload, crc32(writer.view())));
  writer.raw(payload);
  return writer.bytes();
}

function codeOf(frame: Uint8Array): string {
  const head = readFrameHead(frame);
  if (!head.ok) return head.error.code;
  const raw = unpackFrame(frame, head.value);
  return raw.ok ? "ok" : raw.error.code;
}

Deno.test("encodeFrame() and unpackFrame() are inverse for any chunks", () => {
  const chunk = fc.uint8Array({ minLength: 1, maxLength: 3000 });
  fc.assert(fc.property(fc.array(chunk, { minLength: 1, maxLength: 40 }), (chunks) => {
    const lengths = chunks.map((bytes) => bytes.length);
    const raw = new Uint8Array(chunks.flatMap((bytes) => [...bytes]));
    const frame = encodeFrame(raw, lengths);
    const head = readFrameHead(frame);
    assert(head.ok);
    assertEquals(head.value.lengths, lengths);
    assertEquals(frameEnd(head.value), frame.length);
    assertEquals(unpacked(frame), raw);
  }));
});

Deno.test("encodeFrame() compresses what shrinks and leaves alone what does not", () => {
  const text = prose(200_000, 1);
  assert(encodeFrame(text, [200_000]).length < 100_000);
  assertEquals(unpacked(encodeFrame(text, [200_000])), text);
  const media = noise(200_000, 1);
  assertEquals(encodeFrame(media, [200_000])[4], 0);
});

Deno.test("encodeFrame() stays within the limits at the largest frame", () => {
  for (const raw of [noise(frameRawBytesMax, 2), prose(frameRawBytesMax, 2)]) {
    for (
      const lengths of [lengthsOf(raw.length, chunkBytesMax), lengthsOf(raw.length, frameRawBytesMax / frameChunksMax)]
    ) {
      const frame = encodeFrame(raw, lengths);
      assert(frame.length <= frameBytesMax);
      assertEquals(unpacked(frame).length, raw.length);
    }
  }
  assertEquals(encodeFrame(new Uint8Array(1), [1]).length, frameBytesMin);
});

Deno.test("readFrameHead() calls every beginning of a head truncated and never asks for too much", () => {
  for (const chunks of [1, 3, 200]) {
    const frame = encodeFrame(noise(chunks * 300, 3), lengthsOf(chunks * 300, 300));
    const whole = readFrameHead(frame);
    assert(whole.ok);
    for (let length = 0; length < whole.value.payloadOffset; length++) {
      const head = readFrameHead(frame.subarray(0, length));
      assert(!head.ok && head.error.code === "truncated", `${length} of ${frame.length}`);
      const missing = head.error.missingBytes ?? 0;
      assert(missing > 0 && length + missing <= frame.length, `${length} + ${missing} of ${frame.length}`);
    }
  }
});

Deno.test("unpackFrame() refuses a frame cut at any byte of its payload", () => {
  const frame = encodeFrame(prose(2000, 4), [1500, 500]);
  const head = readFrameHead(frame);
  assert(head.ok);
  for (let length = 0; length < frame.length; length++) {
    const raw = unpackFrame(frame.subarray(0, length), head.value);
    assert(!raw.ok && raw.error.code === "truncated");
  }
});

Deno.test("a frame with one bit flipped anywhere is refused", () => {
  for (const raw of [prose(600, 5), noise(300, 5)]) {
    const frame = encodeFrame(raw, [raw.length - 100, 60, 40]);
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const altered = frame.slice();
      altered[bit >> 3]! ^= 1 << (bit & 7);
      assert(codeOf(altered) !== "ok", `bit ${bit}`);
    }
  }
});

Deno.test("readFrameHead() takes any bytes without throwing", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
    const bytes = new Uint8Array([0x64, 0x66, 0x73, 0x31, ...tail]);
    assert(["ok", "truncated", "malformed", "corrupt"].includes(codeOf(bytes)));
  }));
});

Deno.test("readFrameHead() refuses counts and lengths past the limits", () => {
  assertEquals(codeOf(forge({})), "ok");
  assertEquals(codeOf(forge({ codec: 2 })), "malformed");
  assertEquals(codeOf(forge({ count: 0, lengths: [], payload: new Uint8Array(9) })), "malformed");
  assertEquals(codeOf(forge({ count: frameChunksMax + 1 })), "malformed");
  assertEquals(codeOf(forge({ count: Number.MAX_SAFE_INTEGER })), "malformed");
  assertEquals(codeOf(forge({ lengths: [0] })), "malformed");
  assertEquals(codeOf(forge({ lengths: [chunkBytesMax + 1] })), "malformed");
  assertEquals(codeOf(forge({ lengths: lengthsOf(frameRawBytesMax + 1, chunkBytesMax), stored: 1 })), "malformed");
  assertEquals(codeOf(forge({ stored: 0 })), "malformed");
  assertEquals(codeOf(forge({ stored: 2 })), "malformed");
  assertEquals(codeOf(forge({ codec: 1, lengths: [10], stored: 11 })), "malformed");
  assertEquals(codeOf(forge({ codec: 1, lengths: [10], stored: Number.MAX_SAFE_INTEGER })), "malformed");
});

Deno.test("readFrameHead() refuses numbers that are longer than needed, wherever the bytes end", () => {
  const head = [0x64, 0x66, 0x73, 0x31, 0, 1];
  assertEquals(codeOf(new Uint8Array([...head, 0x81, 0x00, 1, 0, 0, 0, 0, 7])), "malformed");
  const endless = new Uint8Array(frameBytesMax).fill(0xff);
  endless.set(head);
  assertEquals(codeOf(endless), "malformed");
});

Deno.test("unpackFrame() refuses a zstd bomb without making room for it", () => {
  const bomb = zstdCompressSync(new Uint8Array(64 * 1024 * 1024));
  assert(bomb.length < 10_000);
  assertEquals(codeOf(forge({ codec: 1, lengths: [chunkBytesMax], payload: bomb })), "malformed");
});

Deno.test("unpackFrame() refuses a window larger than a frame", () => {
  const params = { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_contentSizeFlag]: 0 };
  const wide = zstdCompressSync(prose(100_000, 6), { params });
  assertEquals(codeOf(forge({ codec: 1, lengths: [100_000], payload: wide })), "malformed");
});

Deno.test("unpackFrame() refuses fewer and more bytes than were announced", () => {
  const packed = zstdCompressSync(prose(1000, 7));
  assertEquals(codeOf(forge({ codec: 1, lengths: [1000], payload: packed })), "ok");
  assertEquals(codeOf(forge({ codec: 1, lengths: [999], payload: packed })), "malformed");
  assertEquals(codeOf(forge({ codec: 1, lengths: [1001], payload: packed })), "malformed");
  assertEquals(
    codeOf(forge({ codec: 1, lengths: [1000], payload: packed.subarray(0, packed.length - 2) })),
    "malformed",
  );
});

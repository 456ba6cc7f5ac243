import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { crc32, zstdCompress, zstdDecompress } from "../../lib/core/mod.ts";

const text = new TextEncoder().encode("the same line again and again\n".repeat(10_000));

Deno.test("zstdDecompress() gives back what zstdCompress() made smaller", () => {
  const packed = zstdCompress(text);
  assertLess(packed.length, text.length / 100);
  assertEquals(new Uint8Array(zstdDecompress(packed, { bytesMax: text.length })), text);
  assertEquals(zstdDecompress(zstdCompress(new Uint8Array()), { bytesMax: 0 }).length, 0);
});

Deno.test("zstdDecompress() refuses to give more bytes than it is allowed", () => {
  assertThrows(() => zstdDecompress(zstdCompress(text), { bytesMax: text.length - 1 }));
});

Deno.test("zstdDecompress() refuses a window that is larger than it is allowed", () => {
  assertThrows(() => zstdDecompress(zstdCompress(text), { bytesMax: text.length, windowLogMax: 10 }));
});

Deno.test("crc32() goes on from the bytes before", () => {
  assertEquals(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  assertEquals(crc32(text.subarray(100), crc32(text.subarray(0, 100))), crc32(text));
});

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeSignatures, encodeSignatures } from "../../../lib/sync/delta/mod.ts";

const anyNames = fc.array(fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 20 }), { maxLength: 10 });

Deno.test("decodeSignatures() gives what encodeSignatures() was given", () => {
  fc.assert(fc.property(anyNames, (parts) => {
    const decoded = decodeSignatures(encodeSignatures(parts), parts.length);
    assert(decoded.ok);
    assertEquals(decoded.value.map((names) => [...names]), parts);
  }));
});

Deno.test("decodeSignatures() refuses what ends early, goes on, or is of another version", () => {
  const bytes = encodeSignatures([[1, 2], [3]]);
  for (let length = 0; length < bytes.length; length++) assert(!decodeSignatures(bytes.subarray(0, length), 2).ok);
  assertEquals([decodeSignatures(bytes, 1).ok, decodeSignatures(bytes, 3).ok], [false, false]);
  assert(!decodeSignatures(bytes.with(0, 2), 2).ok);
});

Deno.test("decodeSignatures() refuses more pieces than a chunk can have", () => {
  assert(!decodeSignatures(encodeSignatures([new Array<number>(513).fill(0)]), 1).ok);
  assert(decodeSignatures(encodeSignatures([new Array<number>(512).fill(0)]), 1).ok);
});

Deno.test("decodeSignatures() of any bytes whatever gives names or says what is wrong", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(5), (bytes, count) => {
    const decoded = decodeSignatures(Uint8Array.of(1, ...bytes), count);
    assert(decoded.ok ? decoded.value.length === count : decoded.error.length > 0);
  }));
});

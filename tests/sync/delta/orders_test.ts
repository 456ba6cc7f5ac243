import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Hash } from "../../../lib/core/mod.ts";
import {
  decodeDeltaOrder,
  decodePieceOrder,
  deltaBasesMax,
  encodeDeltaOrder,
  encodePieceOrder,
} from "../../../lib/sync/delta/mod.ts";
import { contentOf } from "../../metadata/store/fixtures.ts";

const anyHashes: fc.Arbitrary<Hash[]> = fc.array(fc.string({ maxLength: 4 }).map(contentOf), { maxLength: 6 });

Deno.test("decodeDeltaOrder() gives what encodeDeltaOrder() was given, and what stands behind it", () => {
  fc.assert(fc.property(anyHashes, anyHashes, fc.uint8Array({ maxLength: 9 }), (bases, targets, rest) => {
    const decoded = decodeDeltaOrder(Uint8Array.of(...encodeDeltaOrder({ bases, targets }), ...rest));
    assert(decoded.ok);
    assertEquals(decoded.value.order, { bases, targets });
    assertEquals([...decoded.value.rest], [...rest]);
  }));
});

Deno.test("decodePieceOrder() gives what encodePieceOrder() was given", () => {
  fc.assert(fc.property(anyHashes, fc.uniqueArray(fc.nat(30_000)), (bases, numbers) => {
    const order = { bases, pieces: numbers.sort((a, b) => a - b) };
    assertEquals(decodePieceOrder(encodePieceOrder(order)), { ok: true, value: order });
  }));
});

Deno.test("decodeDeltaOrder() and decodePieceOrder() refuse what ends early, and more chunks than are allowed", () => {
  const [bases, targets] = [[contentOf("a"), contentOf("b")], [contentOf("c")]];
  const delta = encodeDeltaOrder({ bases, targets });
  for (let length = 0; length < delta.length; length++) assert(!decodeDeltaOrder(delta.subarray(0, length)).ok);
  const pieces = encodePieceOrder({ bases, pieces: [3, 700] });
  for (let length = 0; length < pieces.length; length++) assert(!decodePieceOrder(pieces.subarray(0, length)).ok);
  const many = new Array<Hash>(deltaBasesMax + 1).fill(contentOf("a"));
  assert(!decodeDeltaOrder(encodeDeltaOrder({ bases: many, targets })).ok);
  assert(!decodeDeltaOrder(encodeDeltaOrder({ bases, targets: many })).ok);
  assert(!decodePieceOrder(encodePieceOrder({ bases: many, pieces: [] })).ok);
});

Deno.test("decodePieceOrder() refuses a piece that is named twice, and what comes behind", () => {
  assert(!decodePieceOrder(encodePieceOrder({ bases: [], pieces: [5, 5] })).ok);
  assert(!decodePieceOrder(Uint8Array.of(...encodePieceOrder({ bases: [], pieces: [5] }), 0)).ok);
});

Deno.test("decodeDeltaOrder() and decodePieceOrder() of any bytes whatever give an order or say what is wrong", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
    for (const decoded of [decodeDeltaOrder(bytes), decodePieceOrder(bytes)]) {
      if (!decoded.ok) assert(decoded.error.length > 0);
    }
  }));
});

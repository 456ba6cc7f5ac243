import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ByteWriter } from "../../../lib/core/mod.ts";
import { type ChunkRef, chunkRefBytes, Manifest } from "../../../lib/metadata/mod.ts";
import { decodeManifestDelta, encodeManifestDelta } from "../../../lib/metadata/binary/mod.ts";
import { contentOf } from "../store/fixtures.ts";

const options = { chunksMax: 1000 };
const none = Manifest.of([]);

/** Chunks of which many are the same, and some differ in nothing but their length. */
const anyChunk: fc.Arbitrary<ChunkRef> = fc.record({
  hash: fc.constantFrom(..."abcdefgh").map(contentOf),
  length: fc.constantFrom(1, 2 ** 32 - 1),
});
const anyManifest = fc.array(anyChunk, { maxLength: 30 }).map(Manifest.of);

/** A list of so many different chunks. */
function chunks(count: number, from = 0): ChunkRef[] {
  return Array.from({ length: count }, (_, index) => ({ hash: contentOf(`${from + index}`), length: 5 }));
}

/** Writes a delta number by number. */
function delta(...numbers: readonly number[]): Uint8Array {
  const writer = new ByteWriter();
  for (const number of numbers) writer.varint(number);
  return writer.bytes();
}

Deno.test("decodeManifestDelta() gives what encodeManifestDelta() was given, against any list", () => {
  fc.assert(
    fc.property(anyManifest, anyManifest, (manifest, against) => {
      const decoded = decodeManifestDelta(encodeManifestDelta(manifest, against), against, options);
      assert(decoded.ok);
      assertEquals(decoded.value.bytes, manifest.bytes);
    }),
    { numRuns: 500 },
  );
});

Deno.test("encodeManifestDelta() against nothing takes hardly more than the list itself", () => {
  fc.assert(fc.property(anyManifest, (manifest) => {
    assert(encodeManifestDelta(manifest, none).length <= manifest.bytes.length + 2);
  }));
});

Deno.test("encodeManifestDelta() of an edit in a long list takes little more than the new chunks", () => {
  const before = Manifest.of(chunks(10_000));
  const after = Manifest.of([...chunks(4000), ...chunks(2, 50_000), ...chunks(5999, 4001)]);
  assert(encodeManifestDelta(after, before).length < 2 * chunkRefBytes + 20);
  assert(encodeManifestDelta(before, before).length < 5);
  assertEquals(encodeManifestDelta(none, before).length, 0);
});

Deno.test("encodeManifestDelta() tells pieces that moved, were doubled and went", () => {
  const before = chunks(100);
  const after = [...before.slice(50), ...before.slice(0, 20), ...before.slice(0, 20)];
  const told = encodeManifestDelta(Manifest.of(after), Manifest.of(before));
  assert(told.length < 20);
  const decoded = decodeManifestDelta(told, Manifest.of(before), options);
  assert(decoded.ok);
  assertEquals(decoded.value.bytes, Manifest.of(after).bytes);
});

const against = Manifest.of(chunks(3));
const refused: Record<string, { delta: Uint8Array; message: string }> = {
  "an empty run taken over": { delta: delta(0, 0), message: "A chunk list has an empty run" },
  "an empty run of new chunks": { delta: delta(1), message: "A chunk list has an empty run" },
  "a run beyond the end": { delta: delta(8, 0), message: "A chunk list takes over chunks that are not there" },
  "a run that begins beyond the end": {
    delta: delta(2, 6),
    message: "A chunk list takes over chunks that are not there",
  },
  "a run before the start": { delta: delta(2, 1), message: "A chunk list takes over chunks that are not there" },
  "a run that starts 2^52 back": {
    delta: delta(2, Number.MAX_SAFE_INTEGER),
    message: "A chunk list takes over chunks that are not there",
  },
  "more chunks than allowed": { delta: delta(2002, 0), message: "A chunk list has more than 1000 chunks" },
  "2^52 chunks": { delta: delta(Number.MAX_SAFE_INTEGER), message: "A chunk list has more than 1000 chunks" },
  "new chunks that are not there": { delta: delta(3), message: "The data ends early, at byte 1" },
  "a run without its start": { delta: delta(2), message: "The data ends early, at byte 1" },
  "a new chunk of no bytes": {
    delta: new Uint8Array([3, ...new Uint8Array(chunkRefBytes)]),
    message: "Chunk 0 of a chunk list is empty",
  },
};

for (const [what, { delta, message }] of Object.entries(refused)) {
  Deno.test(`decodeManifestDelta() refuses ${what}`, () => {
    assertEquals(decodeManifestDelta(delta, against, options), { ok: false, error: message });
  });
}

Deno.test("decodeManifestDelta() counts all runs together against the limit", () => {
  const run = delta(6, 0, 6, 5, 6, 5);
  assertEquals(decodeManifestDelta(run, against, { chunksMax: 9 }).ok, true);
  assertEquals(decodeManifestDelta(run, against, { chunksMax: 8 }).ok, false);
});

Deno.test("decodeManifestDelta() never throws, whatever the bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), anyManifest, (bytes, against) => {
      const decoded = decodeManifestDelta(bytes, against, options);
      if (decoded.ok) assert(decoded.value.length <= options.chunksMax);
    }),
    { numRuns: 500 },
  );
});

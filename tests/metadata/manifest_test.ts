import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { sha256 } from "../../lib/core/mod.ts";
import { type ChunkRef, chunkRefBytes, emptyContent, Manifest } from "../../lib/metadata/mod.ts";
import { contentOf } from "./store/fixtures.ts";

const anyChunks: fc.Arbitrary<ChunkRef[]> = fc.array(fc.record({
  hash: fc.string().map(contentOf),
  length: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
}));
const pair: ChunkRef[] = [{ hash: contentOf("a"), length: 1 }, { hash: contentOf("b"), length: 70_000 }];

Deno.test("Manifest.of() keeps chunks, in order", () => {
  fc.assert(fc.property(anyChunks, (chunks) => {
    const manifest = Manifest.of(chunks);
    assertEquals(manifest.length, chunks.length);
    assertEquals(manifest.hashes(), chunks.map(({ hash }) => hash));
    for (const [index, { hash, length }] of chunks.entries()) {
      assertEquals([manifest.hash(index), manifest.chunkLength(index)], [hash, length]);
    }
    assertEquals(manifest.size, chunks.reduce((sum, { length }) => sum + length, 0));
  }));
});

Deno.test("Manifest.fromBytes() reads the packed form, also within a larger buffer", () => {
  fc.assert(fc.property(anyChunks, (chunks) => {
    const manifest = Manifest.of(chunks);
    const inside = new Uint8Array(manifest.bytes.length + 8);
    inside.set(manifest.bytes, 3);
    const read = Manifest.fromBytes(inside.subarray(3, 3 + manifest.bytes.length));
    assert(read.ok);
    assertEquals(read.value.hashes(), manifest.hashes());
    assertEquals([read.value.size, read.value.contentId()], [manifest.size, manifest.contentId()]);
  }));
});

Deno.test("Manifest.fromBytes() refuses half a chunk, and chunks of no bytes", () => {
  const { bytes } = Manifest.of(pair);
  for (let length = 0; length <= bytes.length; length++) {
    assertEquals(Manifest.fromBytes(bytes.slice(0, length)).ok, length % chunkRefBytes === 0);
  }
  assertEquals(Manifest.fromBytes(bytes.slice(0, 40)), {
    ok: false,
    error: "A chunk list has 40 bytes, no multiple of 36",
  });
  const empty = Manifest.of([pair[0]!, { hash: contentOf("b"), length: 0 }]);
  assertEquals(Manifest.fromBytes(empty.bytes), { ok: false, error: "Chunk 1 of a chunk list is empty" });
});

Deno.test("contentId() of no chunk or one is the hash of the bytes themselves", () => {
  assertEquals(Manifest.of([]).contentId(), emptyContent);
  assertEquals(emptyContent, sha256(new Uint8Array()));
  assertEquals(Manifest.of(pair.slice(1)).contentId(), contentOf("b"));
});

Deno.test("contentId() of more chunks is what it always was: it is part of the stored format", () => {
  assertEquals(Manifest.of(pair).contentId(), "0c3376cf63c1fbae17ded1061d85cef4781a80cc800d9533ffb0aff086de6fc5");
});

Deno.test("contentId() differs where any chunk, length or order does", () => {
  const [a, b] = pair;
  const others = [[b!, a!], [a!], [a!, b!, b!], [{ ...a!, length: 2 }, b!], [a!, { ...b!, hash: contentOf("c") }]];
  const ids = [pair, ...others].map((chunks) => Manifest.of(chunks).contentId());
  assertEquals(new Set(ids).size, ids.length);
  assertNotEquals(ids[0], sha256(Manifest.of(pair).bytes));
});

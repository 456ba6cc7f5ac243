import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { sha256 } from "../../lib/core/mod.ts";
import { chunkBytesMin, chunkBytesNormal, findBoundary } from "../../lib/sync/mod.ts";
import { chunkBytesMax } from "../../lib/storage/mod.ts";
import { cutContent } from "../support/cut_content.ts";
import { concat, noise, prose } from "../storage/fixtures.ts";

/** Where a file is cut. */
function cuts(bytes: Uint8Array): number[] {
  let end = 0;
  return cutContent(bytes).chunks.map((chunk) => end += chunk.length);
}

Deno.test("findBoundary() cuts noise where it always did: the cuts are part of the stored format", () => {
  const bytes = noise(1_000_000, 7);
  assertEquals(sha256(bytes), "040ac14493fc460304332c7ed4cd7db5988822be72b6dcfc25a95c4180fe5949");
  // deno-fmt-ignore
  assertEquals(cuts(bytes), [
    35207, 67559, 106102, 141305, 174942, 209343, 254110, 293851, 353945, 387284, 425747, 469452, 502747, 520229,
    553506, 589881, 611257, 644754, 719101, 738397, 775505, 798449, 839548, 860143, 878099, 910879, 940515, 973521,
    1000000,
  ]);
  assertEquals(cutContent(bytes).entry.content, "781f4e1e43c03e5163e87be4e0c6023f6773ac1356b178b8da9e368ac243a841");
});

Deno.test("findBoundary() cuts text where it always did: the cuts are part of the stored format", () => {
  const bytes = prose(500_000, 7);
  assertEquals(sha256(bytes), "f7882bb041301d83f8e6613ff4e38d0dfe32de4daee8159ca6d63c0159cd01bd");
  // deno-fmt-ignore
  assertEquals(cuts(bytes), [
    50381, 87321, 115977, 161199, 178186, 219519, 275987, 301392, 338099, 374368, 418086, 457558, 483682, 500000,
  ]);
  assertEquals(cutContent(bytes).entry.content, "cf406b7563b14e2287b1f31370e34add40b54d179138fb10e835026daaf58a99");
});

Deno.test("findBoundary() keeps to the limits, and chunks gather around the normal length", () => {
  const lengths = cutContent(noise(16_000_000, 8)).chunks.map((chunk) => chunk.length);
  const last = lengths.pop()!;
  assert(last >= 1 && last <= chunkBytesMax);
  for (const length of lengths) assert(length > chunkBytesMin && length <= chunkBytesMax, `${length}`);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  assert(mean > chunkBytesNormal && mean < 1.5 * chunkBytesNormal, `${mean}`);
});

Deno.test("findBoundary() cuts bytes that never make a boundary at the longest length", () => {
  for (const value of [0, 32, 255]) {
    const bytes = new Uint8Array(chunkBytesMax * 2 + 5).fill(value);
    assertEquals(cuts(bytes), [chunkBytesMax, 2 * chunkBytesMax, 2 * chunkBytesMax + 5]);
  }
});

Deno.test("findBoundary() leaves a short file whole", () => {
  for (const length of [1, 100, chunkBytesMin - 1, chunkBytesMin]) {
    assertEquals(cuts(noise(length, 9)), [length]);
  }
  assertEquals(cuts(new Uint8Array()), []);
});

Deno.test("findBoundary() sees nothing but the bytes of the chunk itself", () => {
  const bytes = noise(600_000, 10);
  const own = cuts(bytes)[0]!;
  fc.assert(
    fc.property(fc.nat(300), fc.nat(5000), fc.integer(), (before, after, seed) => {
      const start = before;
      const inside = concat([noise(before, seed), bytes, noise(after, seed + 1)]);
      assertEquals(findBoundary(inside, start, inside.length) - start, own);
      assertEquals(findBoundary(inside, start, start + chunkBytesMax) - start, own);
      assertEquals(findBoundary(bytes, 0, own), own);
    }),
    { numRuns: 30 },
  );
});

Deno.test("findBoundary() finds its way back soon after an insertion, a deletion and a change", () => {
  const bytes = noise(4_000_000, 11);
  const before = new Set(cutContent(bytes).manifest.hashes());
  fc.assert(
    fc.property(fc.nat(bytes.length), fc.nat(2000), fc.nat(2000), fc.integer(), (at, gone, put, seed) => {
      const edited = concat([bytes.subarray(0, at), noise(put, seed), bytes.subarray(at + gone)]);
      const fresh = cutContent(edited).manifest.hashes().filter((hash) => !before.has(hash));
      assert(fresh.length <= 12, `${fresh.length} of ${before.size} chunks are new`);
    }),
    { numRuns: 40 },
  );
});

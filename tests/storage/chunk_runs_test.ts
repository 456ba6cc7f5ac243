import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Failure, type Hash, sha256 } from "../../lib/core/mod.ts";
import { frameChunksMax } from "../../lib/storage/mod.ts";
import { chunkRuns } from "../../lib/storage/chunk_runs.ts";
import { type ChunkPlace, lookupHashesMax } from "../../lib/storage/pack_index.ts";

const names = Array.from({ length: 50 }, (_, index) => sha256(new Uint8Array([index])));
/** Chunk n lies at position n % 10 of frame n / 10. */
const places = new Map(names.map((hash, index) => [hash, { frame: Math.floor(index / 10), position: index % 10 }]));
const find = (hashes: readonly Hash[]): (Pick<ChunkPlace, "frame" | "position"> | undefined)[] =>
  hashes.map((hash) => places.get(hash));

Deno.test("chunkRuns() keeps the order, and begins a run where the frame changes", () => {
  fc.assert(fc.property(fc.array(fc.nat(49), { maxLength: 200 }), (picks) => {
    const asked = picks.map((pick) => names[pick]!);
    const runs = [...chunkRuns(asked, find)];
    assertEquals(runs.flatMap((run) => run.hashes), asked);
    assertEquals(runs.flatMap((run) => run.positions), picks.map((pick) => pick % 10));
    for (const [index, run] of runs.entries()) {
      assertEquals(run.hashes.map((hash) => places.get(hash)?.frame), run.hashes.map(() => run.frame));
      if (index > 0) assertEquals(runs[index - 1]?.frame === run.frame, false);
    }
  }));
});

Deno.test("chunkRuns() joins runs over the end of a lookup, and bounds both", () => {
  const asked = Array.from(
    { length: lookupHashesMax + 10 },
    (_, index) => names[index < lookupHashesMax - 5 ? 0 : 10]!,
  );
  const lookups: number[] = [];
  const runs = [...chunkRuns(asked, (part) => {
    lookups.push(part.length);
    return find(part);
  })];
  assertEquals(lookups, [lookupHashesMax, 10]);
  assertEquals(runs.map((run) => run.positions.length), [lookupHashesMax - 5, 15]);
  const endless = [...chunkRuns(Array<Hash>(frameChunksMax * 2 + 1).fill(names[0]!), find)];
  assertEquals(endless.map((run) => run.hashes.length), [frameChunksMax, frameChunksMax, 1]);
});

Deno.test("chunkRuns() fails at the first chunk that is not stored", () => {
  const unknown = sha256(new Uint8Array(9));
  const runs = chunkRuns([names[0]!, names[10]!, unknown], find);
  assertEquals(runs.next().value?.hashes, [names[0]]);
  assertEquals(assertThrows(() => runs.next(), Failure, unknown).kind, "not_found");
});

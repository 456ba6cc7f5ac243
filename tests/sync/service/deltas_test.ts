import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Hash, sha256 } from "../../../lib/core/mod.ts";
import {
  coarse,
  cutChunk,
  cutPieces,
  decodeDelta,
  decodeSignatures,
  deltaBaseBytesMax,
  encodeDelta,
  fine,
  PieceIndex,
} from "../../../lib/sync/delta/mod.ts";
import { concat, frameOf, noise, prose } from "../../storage/fixtures.ts";
import { piecesOf, ServiceFixture } from "../../support/service_fixture.ts";
import { splice } from "../delta/edited.ts";

const before = prose(40_000, 1);
const after = splice(before, 20_000, 10, noise(50, 2));
const [old, fresh] = [sha256(before), sha256(after)];
const unknown = sha256(noise(10, 9));
const order = { bases: [old], targets: [fresh] };

async function serviceWith(...chunks: readonly Uint8Array[]): Promise<ServiceFixture> {
  const fixture = await ServiceFixture.make();
  for (const chunk of chunks) assert((await fixture.service.putFrames(piecesOf([frameOf([chunk])]))).ok);
  return fixture;
}

/** A delta of the new chunk against the pieces of the old one. */
function deltaOfPieces(): Uint8Array<ArrayBuffer> {
  const index = new PieceIndex([Uint32Array.from(cutPieces(before, coarse).names)]);
  const { steps } = index.find(cutChunk(after));
  return encodeDelta([{ length: after.length, steps }]);
}

Deno.test("SyncService.signatures() tells the pieces of stored chunks, and none of others", async () => {
  const { service } = await serviceWith(before);
  const names = decodeSignatures(await service.signatures([unknown, old]), 2);
  assert(names.ok);
  assertEquals(names.value.map((list) => [...list]), [[], [...cutPieces(before, coarse).names]]);
});

Deno.test("SyncService.signatures() reads no more than a delta may be made against", async () => {
  const chunk = noise(256 * 1024, 1);
  const { service } = await serviceWith(chunk);
  const asked = new Array<Hash>(deltaBaseBytesMax / chunk.length + 1).fill(sha256(chunk));
  const names = decodeSignatures(await service.signatures(asked), asked.length);
  assert(names.ok);
  assertEquals(names.value.map(({ length }) => length > 0).lastIndexOf(true), asked.length - 2);
});

Deno.test("SyncService.pieceSignatures() tells the fine pieces of coarse ones, counted over all chunks", async () => {
  const other = noise(3000, 4);
  const { service } = await serviceWith(before, other);
  const [first, second] = [cutPieces(other, coarse), cutPieces(before, coarse)];
  const number = first.ends.length + 1;
  const bases = [sha256(other), old];
  const names = decodeSignatures(await service.pieceSignatures({ bases, pieces: [number, 10_000] }), 2);
  assert(names.ok);
  const piece = before.subarray(second.ends[0], second.ends[1]);
  assertEquals(names.value.map((list) => [...list]), [[...cutPieces(piece, fine).names], []]);
  const none = decodeSignatures(await service.pieceSignatures({ bases: [unknown, old], pieces: [0] }), 1);
  assert(none.ok);
  assertEquals(none.value.map(({ length }) => length), [0]);
});

Deno.test("SyncService.putDelta() stores what it makes as any chunk, and tells of it", async () => {
  const { service, chunks, events } = await serviceWith(before);
  const told = events.length;
  assertEquals(await service.putDelta(order, deltaOfPieces(), { space: "s" }), { ok: true, value: [true] });
  assertEquals(await chunks.get(fresh), after);
  const news = events.slice(told).filter(({ type }) => type === "upload.chunk_received");
  assertEquals(news.map(({ detail }) => detail), [{ space: "s", hash: fresh, size: after.length }]);
});

Deno.test("SyncService.putDelta() may be called again", async () => {
  const { service, chunks } = await serviceWith(before);
  for (let time = 0; time < 2; time++) assertEquals((await service.putDelta(order, deltaOfPieces())).ok, true);
  assertEquals((await chunks.stats()).chunks, 2);
});

Deno.test("SyncService.putDelta() stores nothing that is not what its name says", async () => {
  const { service, chunks } = await serviceWith(before);
  const lie = { bases: [old], targets: [unknown] };
  assertEquals(await service.putDelta(lie, deltaOfPieces()), { ok: true, value: [false] });
  assertEquals((await chunks.stats()).chunks, 1);
});

Deno.test("SyncService.putDelta() makes nothing if an old chunk is gone meanwhile", async () => {
  const { service, chunks } = await serviceWith(noise(100, 5));
  assertEquals(await service.putDelta(order, deltaOfPieces()), { ok: true, value: [false] });
  assertEquals(await chunks.lacking([fresh]), [fresh]);
});

Deno.test("SyncService.putDelta() of an altered delta stores the right chunk or none", async () => {
  const delta = deltaOfPieces();
  const { service, chunks } = await serviceWith(before);
  await fc.assert(
    fc.asyncProperty(fc.nat(delta.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const outcome = await service.putDelta(order, delta.with(at, delta[at]! ^ change));
      if (outcome.ok && outcome.value[0]) assertEquals(await chunks.get(fresh), after);
      else assert(outcome.ok || outcome.error.length > 0);
      const { chunks: count } = await chunks.stats();
      assert(count <= 2);
    }),
  );
});

Deno.test("SyncService.delta() tells how to make a chunk of others, to the byte", async () => {
  const other = noise(5000, 6);
  const { service } = await serviceWith(before, after, other);
  const delta = await service.delta({ bases: [sha256(other), old], targets: [fresh] });
  assert(delta.length < 150, `${delta.length} bytes`);
  const bases = concat([other, before]);
  const made = decodeDelta(delta, { targets: 1, units: (from, count) => bases.subarray(from, from + count) });
  assertEquals(made, { ok: true, value: [after] });
});

Deno.test("SyncService.delta() leaves out what has little in common with the old chunks, or is not stored", async () => {
  const { service } = await serviceWith(before, noise(30_000, 7));
  const targets = [sha256(noise(30_000, 7)), unknown, old];
  const none = { targets: 3, units: () => before };
  const made = decodeDelta(await service.delta({ bases: [old], targets }), none);
  assertEquals(made, { ok: true, value: [undefined, undefined, before] });
  const unmade = decodeDelta(await service.delta({ bases: [unknown, old], targets }), none);
  assertEquals(unmade, { ok: true, value: [undefined, undefined, undefined] });
});

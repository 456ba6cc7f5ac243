import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { Failure, type Hash, sha256 } from "../../lib/core/mod.ts";
import {
  type ChunkStore,
  frameChunksMax,
  frameRawBytesMax,
  type KeptFrame,
  readFrameHead,
  unpackFrame,
} from "../../lib/storage/mod.ts";
import { concat, frameOf, noise, prose, putFrames } from "../storage/fixtures.ts";

/** A new, empty store for one test; disposing of it clears up. */
export type OpenChunkStore = () => Promise<{ readonly store: ChunkStore } & AsyncDisposable>;

/** What every {@linkcode ChunkStore} must do. */
export function chunkStoreContract(name: string, open: OpenChunkStore): void {
  Deno.test(`${name}: an empty store lacks everything, each once and in order`, async () => {
    await using opened = await open();
    const hashes = [3, 1, 2].map((seed) => sha256(noise(10, seed)));
    assertEquals(await opened.store.lacking([...hashes, ...hashes]), hashes);
    assertEquals(await opened.store.lacking([]), []);
    assertEquals(await opened.store.get(hashes[0]!), undefined);
    assertEquals(await opened.store.stats(), { chunks: 0, bytes: 0, storedBytes: 0 });
    assertEquals(await framesOf(opened.store, []), []);
    assertEquals(await putFrames(opened.store), { ok: true, value: { chunks: 0, added: 0 } });
    await opened.store.sync();
  });

  Deno.test(`${name}: what was put can be read at once`, async () => {
    await using opened = await open();
    const chunks = [noise(5000, 1), prose(900, 2), noise(1, 3)];
    const receipt = await putFrames(opened.store, frameOf(chunks));
    const hashes = chunks.map(sha256);
    assertEquals(receipt, { ok: true, value: { chunks: 3, added: 3 } });
    for (const [index, hash] of hashes.entries()) assertEquals(await opened.store.get(hash), chunks[index]);
    assertEquals(await opened.store.lacking([...hashes, sha256(noise(9, 9))]), [sha256(noise(9, 9))]);
    const { chunks: count, bytes, storedBytes } = await opened.store.stats();
    assertEquals([count, bytes], [3, 5901]);
    assert(storedBytes > 0);
  });

  Deno.test(`${name}: a chunk is stored once, whoever brings it and how often`, async () => {
    await using opened = await open();
    const [one, two, three] = [noise(20_000, 1), noise(20_000, 2), noise(300, 3)];
    assertEquals(await addedBy(opened.store, [one, two, one]), 2);
    assertEquals(await addedBy(opened.store, [two, one]), 0);
    const before = (await opened.store.stats()).storedBytes;
    assert(before < 40_100, `${before} bytes for chunks of 40,000`);
    assertEquals(await addedBy(opened.store, [one, three, two]), 1);
    const { chunks, bytes, storedBytes } = await opened.store.stats();
    assertEquals([chunks, bytes], [3, 40_300]);
    assert(storedBytes - before < 400);
    for (const chunk of [one, two, three]) assertEquals(await opened.store.get(sha256(chunk)), chunk);
  });

  Deno.test(`${name}: puts of the same chunks at the same time keep them once`, async () => {
    await using opened = await open();
    const chunks = [noise(1000, 1), noise(1000, 2)];
    const added = await Promise.all(Array.from({ length: 8 }, () => addedBy(opened.store, chunks)));
    assertEquals(added.reduce((sum, count) => sum + count), 2);
    assertEquals((await opened.store.stats()).chunks, 2);
  });

  Deno.test(`${name}: a frame that is none is refused, and nothing of it is kept`, async () => {
    await using opened = await open();
    const frame = frameOf([noise(3000, 1), prose(3000, 1)]);
    const altered = frame.slice();
    altered[frame.length - 1]! ^= 1;
    const wrong = {
      truncated: [frame.slice(0, frame.length - 1), frame.slice(0, 8)],
      malformed: [new TextEncoder().encode("this is no frame at all")],
      corrupt: [altered],
    };
    for (const [code, frames] of Object.entries(wrong)) {
      for (const bytes of frames) {
        const receipt = await putFrames(opened.store, bytes);
        assert(!receipt.ok && receipt.error.code === code, `${code}: ${JSON.stringify(receipt)}`);
      }
    }
    assertEquals((await opened.store.stats()).chunks, 0);
    assertEquals(await addedBy(opened.store, [noise(3000, 1)]), 1);
  });

  Deno.test(`${name}: of frames put together those before a broken one are kept, and none behind it`, async () => {
    const frames = [1, 2, 3, 4].map((seed) => frameOf([noise(3000, seed), prose(900, seed)]));
    const names = [1, 2, 3, 4].map((seed) => sha256(noise(3000, seed)));
    frames[2]![frames[2]!.length - 1]! ^= 1;
    for (const pieces of [frames, [concat(frames)]]) {
      await using opened = await open();
      const receipt = await putFrames(opened.store, ...pieces);
      assert(!receipt.ok && receipt.error.code === "corrupt", JSON.stringify(receipt));
      assertEquals(await opened.store.lacking(names), names.slice(2));
      assertEquals((await opened.store.stats()).chunks, 4);
    }
  });

  Deno.test(`${name}: onFrame is told of each frame that is kept, and of no other`, async () => {
    await using opened = await open();
    const frames = [1, 2, 2, 3].map((seed) => frameOf([noise(3000, seed), noise(20, 1)]));
    const told: unknown[] = [];
    const onFrame = ({ frame, hashes }: KeptFrame): number => told.push([frame.slice(), hashes]);
    await opened.store.putFrames(ReadableStream.from([...frames, new Uint8Array(50)]), { onFrame });
    assertEquals(told, frames.map((frame) => [frame, chunksIn(frame).map(sha256)]));
  });

  Deno.test(`${name}: of frames whose source fails those that came whole are kept`, async () => {
    await using opened = await open();
    const [whole, cut] = [noise(3000, 1), noise(3000, 2)];
    async function* source(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(frameOf([whole]));
      yield frameOf([cut]).subarray(0, 1000);
      throw new Error("The connection is gone");
    }
    await assertRejects(() => opened.store.putFrames(source()), Error, "The connection is gone");
    assertEquals(await opened.store.get(sha256(whole)), whole);
    assertEquals(await opened.store.lacking([sha256(whole), sha256(cut)]), [sha256(cut)]);
  });

  Deno.test(`${name}: frames put together may repeat each other's chunks`, async () => {
    await using opened = await open();
    const [one, two, three] = [noise(900, 1), noise(900, 2), noise(900, 3)];
    const frames = [[one, two], [two, one], [two, three], [three]].map(frameOf);
    assertEquals(await putFrames(opened.store, ...frames), { ok: true, value: { chunks: 7, added: 3 } });
    const { chunks, bytes } = await opened.store.stats();
    assertEquals([chunks, bytes], [3, 2700]);
    for (const chunk of [one, two, three]) assertEquals(await opened.store.get(sha256(chunk)), chunk);
    assertEquals(await Array.fromAsync(opened.store.verify()), []);
  });

  Deno.test(`${name}: more than fits in memory may be put together, in pieces of any size`, async () => {
    await using opened = await open();
    const chunks = Array.from({ length: 80 }, (_, seed) => noise(250_000, seed));
    const body = concat(Array.from({ length: 20 }, (_, at) => frameOf(chunks.slice(4 * at, 4 * at + 4))));
    const pieces = Array.from({ length: Math.ceil(body.length / 77_777) }, (_, at) => body.subarray(77_777 * at));
    const receipt = await putFrames(opened.store, ...pieces.map((piece) => piece.subarray(0, 77_777)));
    assertEquals(receipt, { ok: true, value: { chunks: 80, added: 80 } });
    assertEquals((await framesOf(opened.store, chunks.map(sha256))).flatMap(chunksIn).map(sha256), chunks.map(sha256));
  });

  Deno.test(`${name}: frames() gives exactly the chunks asked for, in their order`, async () => {
    await using opened = await open();
    const stored = Array.from({ length: 60 }, (_, index) => index % 2 ? noise(20 + index, index) : prose(400, index));
    for (let from = 0; from < stored.length; from += 7) await addedBy(opened.store, stored.slice(from, from + 7));
    const asked = fc.array(fc.integer({ min: 0, max: stored.length - 1 }), { maxLength: 150 });
    const inRow = fc.tuple(fc.nat(59), fc.nat(60)).map(([from, count]) =>
      Array.from({ length: Math.min(count, stored.length - from) }, (_, index) => from + index)
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(asked, inRow), async (picks) => {
        const chunks = picks.map((pick) => stored[pick]!);
        const seen = await framesOf(opened.store, chunks.map(sha256));
        assertEquals(seen.flatMap(chunksIn), chunks);
      }),
      { numRuns: 60 },
    );
  });

  Deno.test(`${name}: frames() keeps to the limits of a frame, however much is asked for`, async () => {
    await using opened = await open();
    const [tiny, large] = [noise(1, 1), noise(256 * 1024, 2)];
    await addedBy(opened.store, [tiny, large]);
    const hashes = [...Array(frameChunksMax + 5).fill(sha256(tiny)), ...Array(20).fill(sha256(large))];
    const frames = await framesOf(opened.store, hashes);
    assertEquals(frames.flatMap(chunksIn).map(sha256), hashes);
    for (const frame of frames) {
      assert(chunksIn(frame).reduce((sum, { length }) => sum + length, 0) <= frameRawBytesMax);
    }
  });

  Deno.test(`${name}: frames() fails with not_found if a chunk is not stored`, async () => {
    await using opened = await open();
    await addedBy(opened.store, [noise(10, 1)]);
    const unknown = sha256(noise(10, 2));
    const failure = await assertRejects(
      () => framesOf(opened.store, [sha256(noise(10, 1)), unknown]),
      Failure,
      unknown,
    );
    assertEquals(failure.kind, "not_found");
  });

  Deno.test(`${name}: frames() may be left before its end`, async () => {
    await using opened = await open();
    const chunks = Array.from({ length: 12 }, (_, seed) => noise(250_000, seed));
    for (const chunk of chunks) await addedBy(opened.store, [chunk]);
    for await (const frame of opened.store.frames(chunks.map(sha256))) {
      assert(chunksIn(frame).length > 0);
      break;
    }
  });

  Deno.test(`${name}: bytes that were given out belong to the receiver`, async () => {
    await using opened = await open();
    const chunks = [noise(600, 1), prose(700, 1)];
    await addedBy(opened.store, chunks);
    const hashes = chunks.map(sha256);
    for (const part of [hashes, hashes.slice(1)]) for (const frame of await framesOf(opened.store, part)) frame.fill(0);
    (await opened.store.get(hashes[0]!))?.fill(0);
    assertEquals(await opened.store.get(hashes[0]!), chunks[0]);
    assertEquals((await framesOf(opened.store, hashes)).flatMap(chunksIn), chunks);
  });

  Deno.test(`${name}: many chunks are looked up at once`, async () => {
    await using opened = await open();
    const stored = Array.from({ length: 9000 }, (_, index) => noise(8, index));
    for (let from = 0; from < stored.length; from += 3000) await addedBy(opened.store, stored.slice(from, from + 3000));
    const unknown = Array.from({ length: 9000 }, (_, index) => sha256(noise(9, index)));
    const known = stored.map(sha256);
    assertEquals(await opened.store.lacking(known.flatMap((hash, index) => [unknown[index]!, hash])), unknown);
    assertEquals((await framesOf(opened.store, known)).flatMap(chunksIn), stored);
  });

  Deno.test(`${name}: verify() finds nothing wrong with what was put`, async () => {
    await using opened = await open();
    assertEquals(await Array.fromAsync(opened.store.verify()), []);
    await addedBy(opened.store, [noise(5000, 1), prose(5000, 1)]);
    await addedBy(opened.store, [noise(5000, 1), prose(5000, 2)]);
    assertEquals(await Array.fromAsync(opened.store.verify()), []);
  });
}

async function addedBy(store: ChunkStore, chunks: readonly Uint8Array[]): Promise<number> {
  const receipt = await putFrames(store, frameOf(chunks));
  assert(receipt.ok, JSON.stringify(receipt));
  assertEquals(receipt.value.chunks, chunks.length);
  return receipt.value.added;
}

async function framesOf(store: ChunkStore, hashes: readonly Hash[]): Promise<Uint8Array<ArrayBuffer>[]> {
  return await Array.fromAsync(store.frames(hashes));
}

/** The chunks that a frame holds. */
function chunksIn(frame: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const head = readFrameHead(frame);
  assert(head.ok);
  const raw = unpackFrame(frame, head.value);
  assert(raw.ok);
  let at = 0;
  return head.value.lengths.map((length) => new Uint8Array(raw.value.subarray(at, at += length)));
}

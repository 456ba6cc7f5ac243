import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { Failure, sha256 } from "../../lib/core/mod.ts";
import { type ChunkStore, openPackStore } from "../../lib/storage/mod.ts";
import { chunkStoreContract } from "../contracts/chunk_store_contract.ts";
import { FrameMemory } from "../../lib/storage/frame_memory.ts";
import { concat, frameOf, noise, prose, putFrames } from "./fixtures.ts";
import { tempDirectory } from "./temp_directory.ts";

chunkStoreContract("PackStore", async () => {
  const directory = await tempDirectory();
  const store = await openPackStore(directory.path);
  return {
    store,
    async [Symbol.asyncDispose](): Promise<void> {
      await store[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
});

async function put(store: ChunkStore, chunks: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  const frame = frameOf(chunks);
  assert((await putFrames(store, frame.slice())).ok);
  return frame;
}

Deno.test("PackStore hands on a stored frame as it is if all its chunks are asked for in its order", async () => {
  await using directory = await tempDirectory();
  await using store = await openPackStore(directory.path);
  const [first, second] = [[prose(900, 1), noise(50, 1)], [prose(800, 2), prose(700, 3)]];
  const frames = [await put(store, first), await put(store, second)];
  const hashes = [...first, ...second].map(sha256);
  assertEquals(await Array.fromAsync(store.frames(hashes)), frames);
  assertEquals(await Array.fromAsync(store.frames(hashes.slice(0, 3))), [frames[0], frameOf(second.slice(0, 1))]);
});

Deno.test("PackStore puts frames into the memory it is given, and gives it back when the next is asked for", async () => {
  await using directory = await tempDirectory();
  await using store = await openPackStore(directory.path);
  const chunks = Array.from({ length: 12 }, (_, seed) => [noise(200_000, seed), noise(250_000, 100 + seed)]);
  const stored: Uint8Array[] = [];
  for (const pair of chunks) stored.push(await put(store, pair));
  const memory = new FrameMemory();
  const rooms = new Set<ArrayBuffer>();
  let next = 0;
  for await (const frame of store.frames(chunks.flat().map(sha256), memory)) {
    assertEquals(frame, stored[next++]);
    rooms.add(frame.buffer);
  }
  assertEquals(next, stored.length);
  assert(rooms.size < stored.length);
  assert(rooms.has(memory.take(500_000).buffer));
});

Deno.test("PackStore never hands out a chunk that was not asked for", async () => {
  await using directory = await tempDirectory();
  await using store = await openPackStore(directory.path);
  const secret = noise(5000, 1);
  const chunks = [noise(40, 2), secret, noise(40, 3)];
  await put(store, chunks);
  for (const asked of [[chunks[0]!], [chunks[2]!, chunks[0]!], [chunks[0]!, chunks[2]!]]) {
    const frames = await Array.fromAsync(store.frames(asked.map(sha256)));
    assertEquals(frames, [frameOf(asked)]);
  }
});

Deno.test("PackStore keeps what came over closing and opening, and gives frames as they came", async () => {
  await using directory = await tempDirectory();
  const chunks = [noise(3000, 1), prose(3000, 1)];
  let frame: Uint8Array;
  {
    await using store = await openPackStore(directory.path);
    frame = await put(store, chunks);
  }
  const repairs: unknown[] = [];
  await using store = await openPackStore(directory.path, { onRepair: (repair) => repairs.push(repair) });
  assertEquals(repairs, []);
  assertEquals(await Array.fromAsync(store.frames(chunks.map(sha256))), [frame]);
});

Deno.test("PackStore begins a new pack before one becomes too long, and goes on with the last one after a restart", async () => {
  await using directory = await tempDirectory();
  const packBytesMax = 10_000;
  const chunks = Array.from({ length: 9 }, (_, seed) => noise(3000, seed));
  for (const chunk of chunks) {
    await using store = await openPackStore(directory.path, { packBytesMax });
    await put(store, [chunk]);
  }
  const packs = [...Deno.readDirSync(join(directory.path, "packs"))].map(({ name }) => name).sort();
  assertEquals(packs, ["00000001.pack", "00000002.pack", "00000003.pack"]);
  for (const name of packs) assert(Deno.statSync(join(directory.path, "packs", name)).size <= packBytesMax);
  await using store = await openPackStore(directory.path, { packBytesMax });
  for (const chunk of chunks) assertEquals(await store.get(sha256(chunk)), chunk);
  assertEquals(await Array.fromAsync(store.verify()), []);
});

Deno.test("PackStore spreads frames that are put together over packs, as if they came one by one", async () => {
  await using together = await tempDirectory();
  await using singly = await tempDirectory();
  const frames = Array.from({ length: 9 }, (_, seed) => frameOf([noise(3000, seed)]));
  {
    await using store = await openPackStore(together.path, { packBytesMax: 10_000 });
    assertEquals(await putFrames(store, ...frames), { ok: true, value: { chunks: 9, added: 9 } });
    assertEquals(await Array.fromAsync(store.verify()), []);
    await using other = await openPackStore(singly.path, { packBytesMax: 10_000 });
    for (const frame of frames) await putFrames(other, frame);
  }
  for (const name of ["00000001.pack", "00000002.pack", "00000003.pack"]) {
    const [one, other] = [together, singly].map(({ path }) => Deno.readFileSync(join(path, "packs", name)));
    assertEquals(one, other);
  }
});

Deno.test("PackStore stores a frame that is longer than a pack may be", async () => {
  await using directory = await tempDirectory();
  await using store = await openPackStore(directory.path, { packBytesMax: 100 });
  const chunks = [noise(500, 1), noise(500, 2)];
  for (const chunk of chunks) await put(store, [chunk]);
  for (const chunk of chunks) assertEquals(await store.get(sha256(chunk)), chunk);
});

Deno.test("two PackStores in one folder see at once what the other puts, and each appends to a pack of its own", async () => {
  await using directory = await tempDirectory();
  await using one = await openPackStore(directory.path);
  await using two = await openPackStore(directory.path);
  const mine = Array.from({ length: 20 }, (_, seed) => noise(300, seed));
  const theirs = Array.from({ length: 20 }, (_, seed) => noise(300, 100 + seed));
  await Promise.all([
    ...mine.map((chunk) => put(one, [chunk])),
    ...theirs.map((chunk) => put(two, [chunk, mine[0]!])),
  ]);
  for (const store of [one, two]) {
    for (const chunk of [...mine, ...theirs]) assertEquals(await store.get(sha256(chunk)), chunk);
    assertEquals((await store.stats()).chunks, 40);
    assertEquals(await Array.fromAsync(store.verify()), []);
  }
  assertEquals([...Deno.readDirSync(join(directory.path, "packs"))].length, 2);
});

Deno.test("PackStore opened many times at once in an empty folder works in each", async () => {
  await using directory = await tempDirectory();
  const stores = await Promise.all(Array.from({ length: 6 }, () => openPackStore(directory.path)));
  const chunks = stores.map((_, seed) => noise(200, seed));
  await Promise.all(stores.map((store, index) => put(store, [chunks[index]!])));
  await Promise.all(stores.map((store) => store.sync()));
  assertEquals(await stores[0]?.lacking(chunks.map(sha256)), []);
  for (const store of stores) await store[Symbol.asyncDispose]();
});

Deno.test("PackStore may be disposed of twice, and in the middle of a download", async () => {
  await using directory = await tempDirectory();
  const store = await openPackStore(directory.path);
  const chunks = Array.from({ length: 8 }, (_, seed) => noise(250_000, seed));
  for (const chunk of chunks) await put(store, [chunk]);
  const frames = store.frames(chunks.map(sha256))[Symbol.asyncIterator]();
  await frames.next();
  await store[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
  await frames.return?.();
});

Deno.test("one bit flipped anywhere in a pack is found by verify(), and never served", async () => {
  const chunks = [prose(400, 1), noise(60, 1), prose(300, 2)];
  const hashes = chunks.map(sha256);
  for (const kept of [[chunks[0]!, chunks[2]!], [chunks[1]!]]) {
    await using directory = await tempDirectory();
    {
      await using store = await openPackStore(directory.path);
      await put(store, kept);
    }
    const path = join(directory.path, "packs", "00000001.pack");
    const sound = Deno.readFileSync(path);
    for (let bit = 0; bit < sound.length * 8; bit += 5) {
      const altered = sound.slice();
      altered[bit >> 3]! ^= 1 << (bit & 7);
      Deno.writeFileSync(path, altered);
      await using store = await openPackStore(directory.path);
      const damage = await Array.fromAsync(store.verify());
      assert(damage.length > 0, `bit ${bit}`);
      if (bit < 12 * 8) continue;
      assertEquals(damage.map(({ hash }) => hash).sort(), kept.map(sha256).sort());
      assertEquals(await store.lacking(hashes), hashes.filter((hash) => !kept.map(sha256).includes(hash)));
      for (const chunk of kept) {
        const failure = await assertRejects(() => store.get(sha256(chunk)), Failure, "Pack 1 is damaged");
        assertEquals(failure.kind, "corrupt");
        assert(failure.message.includes("at byte 12"));
        await assertRejects(() => Array.fromAsync(store.frames([sha256(chunk)])), Failure, "Pack 1 is damaged");
      }
    }
  }
});

Deno.test("other bytes than the index names are found by verify() and by get(), though their checksum is right", async () => {
  await using directory = await tempDirectory();
  const [right, wrong] = [noise(500, 1), noise(500, 2)];
  {
    await using store = await openPackStore(directory.path);
    await put(store, [right]);
    await put(store, [noise(30, 3)]);
  }
  const path = join(directory.path, "packs", "00000001.pack");
  const pack = Deno.readFileSync(path);
  const forged = frameOf([wrong]);
  Deno.writeFileSync(path, concat([pack.subarray(0, 12), forged, pack.subarray(12 + forged.length)]));
  await using store = await openPackStore(directory.path);
  assertEquals((await Array.fromAsync(store.verify())).map(({ hash }) => hash), [sha256(right)]);
  assertEquals((await assertRejects(() => store.get(sha256(right)), Failure, "is not sha256:")).kind, "corrupt");
});

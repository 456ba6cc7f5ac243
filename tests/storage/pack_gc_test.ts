import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { Failure, type Hash, sha256 } from "../../lib/core/mod.ts";
import { type ChunkStore, openPackStore, type PackStoreOptions } from "../../lib/storage/mod.ts";
import { chunkCollectionContract } from "../contracts/chunk_collection_contract.ts";
import { FailingFiles } from "./failing_files.ts";
import { below, frameOf, noise, prose, putFrames, seededRandom } from "./fixtures.ts";
import { tempDirectory } from "./temp_directory.ts";

chunkCollectionContract("PackStore", async (clock) => {
  const directory = await tempDirectory();
  const store = await openPackStore(directory.path, { clock });
  return {
    store,
    async [Symbol.asyncDispose](): Promise<void> {
      await store[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
});

/** Twelve chunks in four frames; of each frame the middle one is named no more. */
const chunks = Array.from({ length: 12 }, (_, seed) => seed % 2 ? noise(9000, seed) : prose(9000, seed));
const frames = [0, 3, 6, 9].map((from) => frameOf(chunks.slice(from, from + 3)));
const names = chunks.map(sha256);
const live = names.filter((_, index) => index % 3 !== 1);
const garbage = names.filter((_, index) => index % 3 === 1);

async function* only(hashes: readonly Hash[]): AsyncGenerator<readonly Hash[]> {
  yield await Promise.resolve(hashes);
}

async function put(store: ChunkStore, frames: readonly Uint8Array[]): Promise<void> {
  assert((await putFrames(store, ...frames.map((frame) => frame.slice()))).ok);
}

function collectNow(store: ChunkStore, hashes: readonly Hash[] = live) {
  return store.collect(() => only(hashes), { graceMs: 0 });
}

function packBytes(directory: string): number {
  const packs = [...Deno.readDirSync(join(directory, "packs"))];
  return packs.reduce((sum, { name }) => sum + Deno.statSync(join(directory, "packs", name)).size, 0);
}

/** Opens a folder and makes sure that what is named is there, and that all is sound. */
async function assertSound(directory: string, options: PackStoreOptions = {}): Promise<Hash[]> {
  await using store = await openPackStore(directory, options);
  assertEquals(await store.lacking(live), []);
  for (const hash of live) assertEquals(await store.get(hash), chunks[names.indexOf(hash)]);
  assertEquals(await Array.fromAsync(store.verify()), []);
  assert(await Array.fromAsync(store.frames(live)));
  return await store.lacking(names);
}

Deno.test("collect() rewrites a pack that a writer still has, and the space is free at once", async () => {
  await using directory = await tempDirectory();
  await using store = await openPackStore(directory.path);
  await using idle = await openPackStore(directory.path);
  await put(store, frames.slice(0, 2));
  await put(idle, frames.slice(2));
  const before = packBytes(directory.path);
  const { removed, bytesFreed } = await collectNow(store);
  assertEquals([removed, bytesFreed], [4, before - packBytes(directory.path) + 12]);
  assert(packBytes(directory.path) < 0.75 * before, `${packBytes(directory.path)} of ${before} bytes are left`);
  assertEquals(await assertSound(directory.path), garbage);
  await put(idle, frames.slice(2));
  await put(store, frames.slice(0, 2));
  for (const one of [store, idle]) {
    assertEquals(await one.lacking(names), []);
    for (const [index, hash] of names.entries()) assertEquals(await one.get(hash), chunks[index]);
    await one.sync();
  }
});

Deno.test("collect() removes every pack of a store in which nothing is named, and ids are never given again", async () => {
  await using directory = await tempDirectory();
  {
    await using store = await openPackStore(directory.path, { packBytesMax: 5000 });
    await put(store, frames);
    await collectNow(store, []);
    assertEquals([...Deno.readDirSync(join(directory.path, "packs"))], []);
    assertEquals(await store.stats(), { chunks: 0, bytes: 0, storedBytes: 0 });
  }
  await using store = await openPackStore(directory.path);
  await put(store, frames);
  assertEquals([...Deno.readDirSync(join(directory.path, "packs"))].map(({ name }) => name), ["00000005.pack"]);
  assertEquals(await store.lacking(names), []);
});

Deno.test("collect() leaves packs alone in which little is of no use", async () => {
  await using directory = await tempDirectory();
  await using store = await openPackStore(directory.path);
  await put(store, frames);
  const pack = Deno.readFileSync(join(directory.path, "packs", "00000001.pack"));
  assertEquals(await collectNow(store, names.slice(1)), { condemned: 1, spared: 0, removed: 1, bytesFreed: 0 });
  assertEquals(Deno.readFileSync(join(directory.path, "packs", "00000001.pack")), pack);
  assertEquals(await store.lacking(names), [names[0]]);
});

Deno.test("collect() rewrites a pack in which nothing but the smallest chunk is of use", async () => {
  await using directory = await tempDirectory();
  await using store = await openPackStore(directory.path);
  const smallest = new Uint8Array([10]);
  await put(store, [frameOf([smallest, chunks[0]!, chunks[2]!])]);
  assertEquals((await collectNow(store, [sha256(smallest)])).removed, 2);
  assert(packBytes(directory.path) < 100, `${packBytes(directory.path)} bytes are left`);
  assertEquals(await store.get(sha256(smallest)), smallest);
});

Deno.test("who is reading while chunks are moved reads on, by whatever handle", async () => {
  await using directory = await tempDirectory();
  await using store = await openPackStore(directory.path);
  await using reader = await openPackStore(directory.path);
  await put(store, frames);
  await reader.get(live[0]!);
  const download = reader.frames(Array.from({ length: 400 }, () => live).flat())[Symbol.asyncIterator]();
  let count = (await download.next()).value!.length;
  await collectNow(store);
  for (let next = await download.next(); !next.done; next = await download.next()) count += next.value.length;
  assert(count > 0);
  for (const hash of live) assertEquals(await reader.get(hash), chunks[names.indexOf(hash)]);
});

Deno.test("collect() runs once at a time", async () => {
  await using directory = await tempDirectory();
  await using store = await openPackStore(directory.path);
  await using other = await openPackStore(directory.path);
  await put(store, frames);
  const inside = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  async function* slowly(): AsyncGenerator<readonly Hash[]> {
    inside.resolve();
    await goOn.promise;
    yield live;
  }
  const collecting = store.collect(slowly, { graceMs: 0 });
  await inside.promise;
  const failure = await assertRejects(() => collectNow(other), Failure, "is being collected already");
  assertEquals(failure.kind, "conflict");
  goOn.resolve();
  assertEquals((await collecting).removed, 4);
  assertEquals((await collectNow(other)).removed, 0);
});

Deno.test("the index can be rebuilt after a collection, from what it left", async () => {
  await using directory = await tempDirectory();
  {
    await using store = await openPackStore(directory.path);
    await put(store, frames);
    await collectNow(store);
  }
  for (const name of ["chunks.sqlite", "chunks.sqlite-wal", "chunks.sqlite-shm"]) {
    await Deno.remove(join(directory.path, name)).catch(() => {});
  }
  assertEquals(await assertSound(directory.path), garbage);
});

Deno.test("a collection that fails at any write, flush or cut leaves a sound store, and the next one completes", async () => {
  let failed = 0;
  for (let step = 0;; step++) {
    await using directory = await tempDirectory();
    const files = new FailingFiles();
    {
      await using store = await openPackStore(directory.path, { openFile: files.openFile, packBytesMax: 30_000 });
      await put(store, frames);
      await store.sync();
    }
    let failure: unknown;
    {
      await using store = await openPackStore(directory.path, { openFile: files.openFile, packBytesMax: 30_000 });
      files.failAt(step);
      failure = await collectNow(store).then(() => undefined, (cause) => cause);
      files.failAt(Number.POSITIVE_INFINITY);
    }
    assertEquals((await assertSound(directory.path)).filter((hash) => !garbage.includes(hash)), []);
    await using store = await openPackStore(directory.path);
    await collectNow(store);
    assertEquals(await assertSound(directory.path), garbage);
    if (failure === undefined) break;
    assert(failure instanceof Failure, String(failure));
    failed++;
  }
  assert(failed >= 4, `${failed} steps failed`);
});

Deno.test("a crash or a power cut before any write, flush or cut of a collection leaves a sound store", async () => {
  await using directory = await tempDirectory();
  await using crashes = await tempDirectory();
  const files = new FailingFiles();
  let steps = 0;
  {
    await using store = await openPackStore(directory.path, { openFile: files.openFile, packBytesMax: 30_000 });
    await put(store, frames);
    await store.sync();
    // With the log of the index, and as if all of it were lost.
    files.onStep = () => {
      for (const names of [["chunks.sqlite", "chunks.sqlite-wal"], ["chunks.sqlite"], []]) {
        copyStore(directory.path, join(crashes.path, String(steps++)), names);
      }
    };
    await collectNow(store);
    files.onStep = () => {};
  }
  assert(steps >= 12, `${steps} crashes`);
  for (let step = 0; step < steps; step++) {
    const crashed = join(crashes.path, String(step));
    assertEquals((await assertSound(crashed)).filter((hash) => !garbage.includes(hash)), [], `crash ${step}`);
    await using store = await openPackStore(crashed);
    await collectNow(store);
    assertEquals(await store.lacking(names), garbage);
  }
});

/** Copies the packs of a store, and some of its other files. */
function copyStore(from: string, to: string, others: readonly string[]): void {
  Deno.mkdirSync(join(to, "packs"), { recursive: true });
  for (const name of others) Deno.copyFileSync(join(from, name), join(to, name));
  for (const { name } of Deno.readDirSync(join(from, "packs"))) {
    Deno.copyFileSync(join(from, "packs", name), join(to, "packs", name));
  }
}

Deno.test("collect() on a full disk removes the packs that hold nothing", async () => {
  await using directory = await tempDirectory();
  const files = new FailingFiles();
  await using store = await openPackStore(directory.path, { openFile: files.openFile, packBytesMax: 15_000 });
  await put(store, frames);
  await store.sync();
  files.bytesLeft = 0;
  const failure = await assertRejects(() => collectNow(store, live.slice(4)), Failure);
  assertEquals(failure.kind, "no_space");
  const left = [...Deno.readDirSync(join(directory.path, "packs"))].map(({ name }) => name).sort();
  assertEquals(left.filter((name) => name < "00000005.pack"), ["00000003.pack", "00000004.pack"]);
  files.bytesLeft = Number.POSITIVE_INFINITY;
  assertEquals((await collectNow(store, live.slice(4))).removed, 0);
  for (const hash of live.slice(4)) assertEquals(await store.get(hash), chunks[names.indexOf(hash)]);
  assertEquals(await Array.fromAsync(store.verify()), []);
});

Deno.test("collect() waits for who holds the store by another handle, as another process does", async () => {
  await using directory = await tempDirectory();
  await using store = await openPackStore(directory.path);
  await using other = await openPackStore(directory.path);
  await put(store, frames);
  const held = await other.hold();
  const events: string[] = [];
  const collecting = store.collect(() => {
    events.push("read");
    return only(names);
  }, { graceMs: 0 });
  // Whoever comes while somebody waits stands behind them, so that holders do not keep a collection out for ever.
  const later = other.hold().then((hold) => {
    events.push("held");
    return hold;
  });
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  events.push("let go");
  held[Symbol.dispose]();
  (await later)[Symbol.dispose]();
  await collecting;
  assertEquals(events.indexOf("let go") < events.indexOf("read"), true, events.join());
});

Deno.test("however many come to hold while a collection waits, who holds already can go on working", async () => {
  await using directory = await tempDirectory();
  await using store = await openPackStore(directory.path);
  await put(store, frames);
  const held = await store.hold();
  const collecting = collectNow(store, names);
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  const others = Array.from({ length: 200 }, () => store.hold().then((hold) => hold[Symbol.dispose]()));
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  await store.sync();
  for (const hash of names) assert(await store.get(hash) !== undefined);
  held[Symbol.dispose]();
  await Promise.all([collecting, ...others]);
});

Deno.test("an index of before there was any collection is brought up to date, and what it names counts as old", async () => {
  await using directory = await tempDirectory();
  {
    await using store = await openPackStore(directory.path);
    await put(store, frames);
  }
  {
    using database = new DatabaseSync(join(directory.path, "chunks.sqlite"));
    database.exec(`
      ALTER TABLE pack DROP COLUMN gone; ALTER TABLE frame DROP COLUMN raw_bytes;
      ALTER TABLE frame DROP COLUMN stored_at; ALTER TABLE chunk DROP COLUMN condemned; PRAGMA user_version = 1;
    `);
  }
  const before = packBytes(directory.path);
  await using store = await openPackStore(directory.path);
  assertEquals((await store.collect(() => only(live), { graceMs: 86_400_000 })).condemned, 4);
  assertEquals((await collectNow(store)).removed, 4);
  assert(packBytes(directory.path) < 0.75 * before);
  assertEquals(await assertSound(directory.path), garbage);
});

Deno.test("one bit flipped in each of some chunks is found, never served, and repaired by putting them again", async () => {
  for (let seed = 0; seed < 12; seed++) {
    await using directory = await tempDirectory();
    const random = seededRandom(seed);
    {
      await using store = await openPackStore(directory.path);
      await put(store, frames);
    }
    const path = join(directory.path, "packs", "00000001.pack");
    const pack = Deno.readFileSync(path);
    const starts = frames.map((_, index) => frames.slice(0, index).reduce((sum, { length }) => sum + length, 12));
    const hit = frames.map((_, index) => index).filter(() => random() < 0.6);
    for (const index of hit) pack[starts[index]! + below(frames[index]!.length, random)]! ^= 1 << below(8, random);
    Deno.writeFileSync(path, pack);
    const bad = hit.flatMap((index) => names.slice(3 * index, 3 * index + 3));
    await using store = await openPackStore(directory.path);
    const found = (await Array.fromAsync(store.verify())).map(({ hash }) => hash);
    assertEquals(found.toSorted(), bad.toSorted());
    for (const hash of bad) await assertRejects(() => store.get(hash), Failure);
    assertEquals((await store.quarantine(bad)).toSorted(), bad.toSorted());
    assertEquals(await store.lacking(names), bad);
    assertEquals(await Array.fromAsync(store.verify()), []);
    for (const hash of bad) assertEquals(await store.get(hash), undefined);
    assertEquals(Deno.readFileSync(path), pack);
    await put(store, frames);
    for (const [index, hash] of names.entries()) assertEquals(await store.get(hash), chunks[index]);
    assertEquals(await store.lacking(names), []);
    await collectNow(store, names);
    assertEquals(await Array.fromAsync(store.verify()), []);
    assertEquals((await store.stats()).chunks, 12);
  }
});

Deno.test("collect() copies around a damaged frame, and lets its pack be until the chunks are taken out", async () => {
  await using directory = await tempDirectory();
  {
    await using store = await openPackStore(directory.path);
    await put(store, frames);
  }
  const path = join(directory.path, "packs", "00000001.pack");
  const pack = Deno.readFileSync(path);
  pack[100]! ^= 1;
  Deno.writeFileSync(path, pack);
  await using store = await openPackStore(directory.path);
  await collectNow(store);
  assertEquals(Deno.readFileSync(path), pack);
  const sound = live.filter((hash) => !names.slice(0, 3).includes(hash));
  for (const hash of sound) assertEquals(await store.get(hash), chunks[names.indexOf(hash)]);
  const lost = live.filter((hash) => !sound.includes(hash));
  assertEquals((await Array.fromAsync(store.verify())).map(({ hash }) => hash).toSorted(), lost.toSorted());
  assertEquals((await store.quarantine(lost)).length, 2);
  await collectNow(store);
  await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
  for (const hash of sound) assertEquals(await store.get(hash), chunks[names.indexOf(hash)]);
});

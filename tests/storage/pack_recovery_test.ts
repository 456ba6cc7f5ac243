import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { Failure, sha256 } from "../../lib/core/mod.ts";
import { openPackStore, type PackRepair } from "../../lib/storage/mod.ts";
import { PackIndex } from "../../lib/storage/pack_index.ts";
import { FailingFiles } from "./failing_files.ts";
import { below, concat, frameOf, noise, prose, putFrames, seededRandom } from "./fixtures.ts";
import { tempDirectory } from "./temp_directory.ts";

const packName = "00000001.pack";
const headBytes = 12;

/** A folder with one pack of these frames, closed in order. */
async function folderOf(directory: string, frames: readonly Uint8Array<ArrayBuffer>[]): Promise<string> {
  await using store = await openPackStore(directory);
  for (const frame of frames) assert((await putFrames(store, frame)).ok);
  return join(directory, "packs", packName);
}

/** Opens a folder, checks that all is sound, and says what was repaired and which of the chunks are there. */
async function reopen(
  directory: string,
  chunks: readonly Uint8Array[],
): Promise<{ repairs: PackRepair[]; kept: boolean[] }> {
  const repairs: PackRepair[] = [];
  await using store = await openPackStore(directory, { onRepair: (repair) => repairs.push(repair) });
  const lacking = new Set(await store.lacking(chunks.map(sha256)));
  for (const chunk of chunks) {
    assertEquals(await store.get(sha256(chunk)), lacking.has(sha256(chunk)) ? undefined : chunk);
  }
  assertEquals(await Array.fromAsync(store.verify()), []);
  return { repairs, kept: chunks.map((chunk) => !lacking.has(sha256(chunk))) };
}

const chunks = Array.from({ length: 6 }, (_, seed) => seed % 2 ? noise(700, seed) : prose(900, seed));
const frames = [frameOf(chunks.slice(0, 2)), frameOf(chunks.slice(2, 4)), frameOf(chunks.slice(4))];
const ends = frames.map((_, index) => frames.slice(0, index + 1).reduce((end, { length }) => end + length, headBytes));

Deno.test("openPackStore() enters whole frames behind what is indexed, and cuts a torn one off", async () => {
  for (const torn of [0, 1, 12, frames[2]!.length - 1]) {
    await using directory = await tempDirectory();
    const path = await folderOf(directory.path, frames.slice(0, 1));
    const whole = Deno.readFileSync(path);
    Deno.writeFileSync(path, concat([whole, frames[1]!, frames[2]!.subarray(0, torn)]));
    const { repairs, kept } = await reopen(directory.path, chunks);
    assertEquals(kept, [true, true, true, true, false, false]);
    assertEquals(repairs, [{ pack: 1, framesFound: 1, framesLost: 0, bytesCut: torn }]);
    assertEquals(Deno.readFileSync(path), concat([whole, frames[1]!]));
    assertEquals((await reopen(directory.path, chunks)).repairs, []);
  }
});

Deno.test("openPackStore() forgets what the index names beyond the end of a pack cut at any byte", async () => {
  await using directory = await tempDirectory();
  const path = await folderOf(directory.path, frames);
  const whole = Deno.readFileSync(path);
  for (let length = whole.length - 1; length >= 0; length -= 97) {
    Deno.writeFileSync(path, whole.subarray(0, length));
    const { kept } = await reopen(directory.path, chunks);
    assertEquals(kept, chunks.map((_, index) => length >= (ends[index >> 1] ?? 0)), `cut at ${length}`);
    assertEquals(Deno.statSync(path).size, Math.max(headBytes, ...ends.filter((end) => end <= length)));
  }
  for (const frame of frames) await folderOf(directory.path, [frame]);
  assertEquals((await reopen(directory.path, chunks)).kept, chunks.map(() => true));
});

Deno.test("openPackStore() rebuilds a lost index from the packs", async () => {
  await using directory = await tempDirectory();
  const path = await folderOf(directory.path, frames);
  Deno.removeSync(join(directory.path, "chunks.sqlite"));
  const { repairs, kept } = await reopen(directory.path, chunks);
  assertEquals(kept, chunks.map(() => true));
  assertEquals(repairs, [{ pack: 1, framesFound: 3, framesLost: 0, bytesCut: 0 }]);
  assertEquals(Deno.statSync(path).size, ends[2]);
});

Deno.test("openPackStore() loses only the damaged frame when it rebuilds the index of a damaged pack", async () => {
  await using directory = await tempDirectory();
  const path = await folderOf(directory.path, frames);
  const whole = Deno.readFileSync(path);
  for (let at = ends[0]!; at < ends[1]!; at += 41) {
    const altered = whole.slice();
    altered[at]! ^= 0x10;
    Deno.writeFileSync(path, altered);
    Deno.removeSync(join(directory.path, "chunks.sqlite"));
    const { repairs, kept } = await reopen(directory.path, chunks);
    assertEquals(kept, [true, true, false, false, true, true], `byte ${at}`);
    assertEquals(repairs, [{ pack: 1, framesFound: 2, framesLost: 0, bytesCut: 0 }]);
  }
});

Deno.test("openPackStore() passes over whatever lies between two frames, however much it looks like frames", async () => {
  const magic = new TextEncoder().encode("dfs1");
  const between = [noise(5_000_000, 8), concat(Array.from({ length: 9000 }, () => magic)), frames[1]!.subarray(0, 300)];
  for (const garbage of between) {
    await using directory = await tempDirectory();
    const path = await folderOf(directory.path, frames.slice(0, 1));
    Deno.writeFileSync(path, concat([Deno.readFileSync(path), garbage, frames[2]!]));
    assertEquals((await reopen(directory.path, chunks)).kept, [true, true, false, false, true, true]);
  }
});

Deno.test("openPackStore() forgets the chunks of a pack that is gone, and keeps the others", async () => {
  await using directory = await tempDirectory();
  {
    await using store = await openPackStore(directory.path, { packBytesMax: 1000 });
    for (const frame of frames) assert((await putFrames(store, frame)).ok);
  }
  Deno.removeSync(join(directory.path, "packs", "00000002.pack"));
  const { repairs, kept } = await reopen(directory.path, chunks);
  assertEquals(kept, [true, true, false, false, true, true]);
  assertEquals(repairs, [{ pack: 2, framesFound: 0, framesLost: 1, bytesCut: 0 }]);
});

Deno.test("openPackStore() takes a folder without any of its packs for an unmounted disk", async () => {
  await using directory = await tempDirectory();
  const path = await folderOf(directory.path, frames);
  Deno.renameSync(path, `${path}.elsewhere`);
  const failure = await assertRejects(
    () => openPackStore(directory.path),
    Failure,
    "is empty, though the index names 1",
  );
  assertEquals(failure.kind, "corrupt");
  Deno.renameSync(`${path}.elsewhere`, path);
  assertEquals((await reopen(directory.path, chunks)).kept, chunks.map(() => true));
});

/** Puts each of these frames by a store of its own, and gives the index as it was before anything was flushed. */
async function indexBeforeFlush(directory: string, frames: readonly Uint8Array<ArrayBuffer>[]): Promise<string> {
  const copy = join(directory, "before");
  await using stack = new AsyncDisposableStack();
  for (const frame of frames) assert((await putFrames(stack.use(await openPackStore(directory)), frame)).ok);
  Deno.mkdirSync(copy);
  for (const name of indexFiles) Deno.copyFileSync(join(directory, name), join(copy, name));
  return copy;
}

const indexFiles = ["chunks.sqlite", "chunks.sqlite-wal"];

Deno.test("openPackStore() takes no frame for another that lay in its place when the index was told last", async () => {
  await using directory = await tempDirectory();
  const before = await indexBeforeFlush(directory.path, frames.slice(0, 1));
  // The power fails, the frame is lost, another one comes; and the power fails again.
  const path = join(directory.path, "packs", packName);
  Deno.writeFileSync(path, concat([Deno.readFileSync(path).subarray(0, headBytes), frames[1]!]));
  for (const name of indexFiles) Deno.copyFileSync(join(before, name), join(directory.path, name));
  const { repairs, kept } = await reopen(directory.path, chunks);
  assertEquals(kept, [false, false, true, true, false, false]);
  assertEquals(repairs, [{ pack: 1, framesFound: 1, framesLost: 1, bytesCut: 0 }]);
});

Deno.test("openPackStore() finds in one pack what the index names in another that lost it", async () => {
  await using directory = await tempDirectory();
  const before = await indexBeforeFlush(directory.path, frames.slice(0, 2));
  const [one, two] = [packName, "00000002.pack"].map((name) => join(directory.path, "packs", name));
  Deno.writeFileSync(one!, concat([Deno.readFileSync(one!), frames[1]!]));
  Deno.truncateSync(two!, headBytes);
  for (const name of indexFiles) Deno.copyFileSync(join(before, name), join(directory.path, name));
  const { repairs, kept } = await reopen(directory.path, chunks);
  assertEquals(kept, [true, true, true, true, false, false]);
  assertEquals(repairs.map(({ pack, framesLost }) => [pack, framesLost]), [[1, 0], [2, 1]]);
});

Deno.test("openPackStore() counts the chunks of a frame that a collection emptied and a crash brings back", async () => {
  await using directory = await tempDirectory();
  const crashed = join(directory.path, "crashed");
  const large = noise(9000, 1);
  {
    await using store = await openPackStore(directory.path);
    assert((await putFrames(store, frameOf([large]), frames[0]!)).ok);
    await store.collect(() => ReadableStream.from([[sha256(large)]]), { graceMs: 0 });
    Deno.mkdirSync(join(crashed, "packs"), { recursive: true });
    for (const name of [...indexFiles, join("packs", packName)]) {
      Deno.copyFileSync(join(directory.path, name), join(crashed, name));
    }
  }
  assertEquals((await reopen(crashed, chunks)).kept, [true, true, false, false, false, false]);
  await using store = await openPackStore(crashed);
  const { chunks: count, bytes } = await store.stats();
  assertEquals([count, bytes], [3, large.length + chunks[0]!.length + chunks[1]!.length]);
});

Deno.test("a condemned chunk that comes again is there after a power cut that loses the copy that came", async () => {
  await using directory = await tempDirectory();
  const crashed = join(directory.path, "crashed");
  {
    await using store = await openPackStore(directory.path, { clock: { now: () => 1000, monotonic: () => 0 } });
    assert((await putFrames(store, frames[0]!)).ok);
    await store.sync();
  }
  const path = join(directory.path, "packs", packName);
  {
    await using store = await openPackStore(directory.path);
    await store.collect(() => ReadableStream.from([[]]), { graceMs: 1000 });
    const flushed = Deno.statSync(path).size;
    assert((await putFrames(store, frames[0]!)).ok);
    Deno.mkdirSync(join(crashed, "packs"), { recursive: true });
    for (const name of indexFiles) Deno.copyFileSync(join(directory.path, name), join(crashed, name));
    Deno.writeFileSync(join(crashed, "packs", packName), Deno.readFileSync(path).subarray(0, flushed));
  }
  assertEquals((await reopen(crashed, chunks)).kept, [true, true, false, false, false, false]);
});

Deno.test("openPackStore() removes a pack again that was collected, if its name came back", async () => {
  await using directory = await tempDirectory();
  const path = await folderOf(directory.path, frames);
  const pack = Deno.readFileSync(path);
  {
    await using store = await openPackStore(directory.path);
    await store.collect(() => ReadableStream.from([[]]), { graceMs: 0 });
  }
  for (const back of [pack, new Uint8Array()]) {
    Deno.writeFileSync(path, back);
    const { repairs, kept } = await reopen(directory.path, chunks);
    assertEquals([repairs, kept], [[], chunks.map(() => false)]);
    assertEquals([...Deno.readDirSync(join(directory.path, "packs"))], []);
  }
});

Deno.test("openPackStore() begins anew if the name of the first pack never came to the medium", async () => {
  await using directory = await tempDirectory();
  {
    using index = new PackIndex(join(directory.path, "chunks.sqlite"));
    index.addPack(1);
    index.settlePack(1, headBytes);
  }
  await folderOf(directory.path, frames);
  assertEquals((await reopen(directory.path, chunks)).kept, chunks.map(() => true));
});

Deno.test("openPackStore() begins a pack again of which only a part of its head came to the medium", async () => {
  await using directory = await tempDirectory();
  const path = join(directory.path, "packs", packName);
  Deno.mkdirSync(join(directory.path, "packs"));
  const head = new TextEncoder().encode("dfs pack\x01\0\0\0");
  assertEquals(head.length, headBytes);
  for (const part of [0, 5, 8]) {
    Deno.writeFileSync(path, head.map((byte, at) => at < part ? byte : 0));
    await reopen(directory.path, chunks);
    assertEquals(Deno.readFileSync(path), head);
    Deno.removeSync(join(directory.path, "chunks.sqlite"));
  }
});

Deno.test("openPackStore() refuses a file among the packs that is none, and one of a newer layout", async () => {
  const newer = concat([new TextEncoder().encode("dfs pack"), new Uint8Array([2, 0, 0, 0])]);
  for (const bytes of [noise(100, 1), newer]) {
    await using directory = await tempDirectory();
    await folderOf(directory.path, frames);
    const path = join(directory.path, "packs", "00000007.pack");
    Deno.writeFileSync(path, bytes);
    const failure = await assertRejects(() => openPackStore(directory.path), Failure, "Pack 7 does not begin");
    assertEquals(failure.kind, "corrupt");
    assertEquals(Deno.readFileSync(path), bytes);
  }
});

Deno.test("a new pack is begun without cutting a file to nothing, which would cost a flush when it is closed", async () => {
  await using directory = await tempDirectory();
  const files = new FailingFiles();
  files.truncateFails = true;
  await using store = await openPackStore(directory.path, { openFile: files.openFile });
  assertEquals(await putFrames(store, ...frames), { ok: true, value: { chunks: 6, added: 6 } });
});

Deno.test("PackStore gives every lock back before it closes the file", async () => {
  await using directory = await tempDirectory();
  const files = new FailingFiles();
  const path = await folderOf(directory.path, frames.slice(0, 1));
  Deno.writeFileSync(path, frames[1]!, { append: true });
  {
    await using store = await openPackStore(directory.path, { openFile: files.openFile, packBytesMax: 1000 });
    assert((await putFrames(store, ...frames)).ok);
  }
  assertEquals([files.open, files.closedLocked], [0, 0]);
});

Deno.test("openPackStore() leaves alone the pack that another process appends to", async () => {
  await using directory = await tempDirectory();
  await using writer = await openPackStore(directory.path);
  assert((await putFrames(writer, frames[0]!)).ok);
  const path = join(directory.path, "packs", packName);
  const half = frames[1]!.subarray(0, 100);
  Deno.writeFileSync(path, half, { append: true });
  assertEquals((await reopen(directory.path, chunks)).repairs, []);
  assertEquals(Deno.statSync(path).size, (ends[0] ?? 0) + half.length);
  assert((await putFrames(writer, frames[1]!)).ok);
  assertEquals((await reopen(directory.path, chunks)).kept, [true, true, true, true, false, false]);
});

Deno.test("after a power cut what was synced is there, and what was not is whole or absent", async () => {
  for (let seed = 0; seed < 25; seed++) {
    const random = seededRandom(seed);
    await using directory = await tempDirectory();
    await using crashed = await tempDirectory();
    const content = Array.from({ length: 12 }, (_, index) => noise(1 + below(3000, random), seed * 100 + index));
    const synced = below(content.length, random);
    await using store = await openPackStore(directory.path);
    for (const [index, chunk] of content.entries()) {
      assert((await putFrames(store, frameOf([chunk]))).ok);
      if (index === synced) await store.sync();
    }
    const durable = content.slice(0, synced + 1).reduce((end, chunk) => end + frameOf([chunk]).length, headBytes);
    spoil(directory.path, crashed.path, { durable, random });
    const { kept } = await reopen(crashed.path, content);
    assert(kept.slice(0, synced + 1).every((there) => there), `seed ${seed}: ${kept}`);
  }
});

/** Copies a folder as a power cut may leave it: of the pack's bytes that were not flushed some are lost or zero. */
function spoil(from: string, to: string, { durable, random }: { durable: number; random: () => number }): void {
  for (const name of ["chunks.sqlite", "chunks.sqlite-wal"]) Deno.copyFileSync(join(from, name), join(to, name));
  if (random() < 0.3) Deno.removeSync(join(to, "chunks.sqlite-wal"));
  Deno.mkdirSync(join(to, "packs"));
  const pack = Deno.readFileSync(join(from, "packs", packName));
  const lost = durable + below(pack.length - durable + 1, random);
  if (random() < 0.5) pack.fill(0, lost, lost + below(pack.length - lost + 1, random));
  Deno.writeFileSync(join(to, "packs", packName), random() < 0.5 ? pack.subarray(0, lost) : pack);
}

import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { Failure, sha256 } from "../../lib/core/mod.ts";
import { openPackStore } from "../../lib/storage/mod.ts";
import { FailingFiles } from "./failing_files.ts";
import { frameOf, noise, putFrames } from "./fixtures.ts";
import { tempDirectory } from "./temp_directory.ts";

const [first, second, third] = [noise(2000, 1), noise(3000, 2), noise(400, 3)];
const hashes = [first, second, third].map(sha256);

function packSizes(directory: string): number[] {
  const packs = [...Deno.readDirSync(join(directory, "packs"))].map(({ name }) => name).sort();
  return packs.map((name) => Deno.statSync(join(directory, "packs", name)).size);
}

Deno.test("a disk that fills up in the middle of a frame costs that frame only, and leaves nothing of it", async () => {
  for (const bytesLeft of [0, 1, 20, 1500, 3010]) {
    await using directory = await tempDirectory();
    const files = new FailingFiles();
    await using store = await openPackStore(directory.path, { openFile: files.openFile });
    assert((await putFrames(store, frameOf([first]))).ok);
    const before = packSizes(directory.path);
    files.bytesLeft = bytesLeft;
    for (let attempt = 0; attempt < 3; attempt++) {
      const failure = await assertRejects(() => putFrames(store, frameOf([second])), Failure, "the disk is full");
      assertEquals(failure.kind, "no_space");
      assertEquals(packSizes(directory.path), before);
    }
    assertEquals(await store.lacking(hashes), hashes.slice(1));
    assertEquals(await store.get(hashes[0]!), first);
    await store.sync();
    files.bytesLeft = Number.POSITIVE_INFINITY;
    assert((await putFrames(store, frameOf([second]))).ok);
    assertEquals(await store.get(hashes[1]!), second);
    assertEquals(await Array.fromAsync(store.verify()), []);
  }
});

Deno.test("a disk that fills up between frames that are put together keeps all of them out", async () => {
  await using directory = await tempDirectory();
  const files = new FailingFiles();
  await using store = await openPackStore(directory.path, { openFile: files.openFile });
  assert((await putFrames(store, frameOf([first]))).ok);
  const before = packSizes(directory.path);
  files.bytesLeft = 3500;
  const together = [frameOf([second]), frameOf([third])];
  const failure = await assertRejects(() => putFrames(store, ...together, frameOf([noise(900, 4)])), Failure);
  assertEquals(failure.kind, "no_space");
  assertEquals(packSizes(directory.path), before);
  assertEquals(await store.lacking(hashes), hashes.slice(1));
  files.bytesLeft = Number.POSITIVE_INFINITY;
  assert((await putFrames(store, ...together)).ok);
  assertEquals(await store.lacking(hashes), []);
  assertEquals(await Array.fromAsync(store.verify()), []);
});

Deno.test("a disk that is full before a pack can be begun leaves the store usable", async () => {
  await using directory = await tempDirectory();
  const files = new FailingFiles();
  files.bytesLeft = 5;
  await using store = await openPackStore(directory.path, { openFile: files.openFile });
  const failure = await assertRejects(() => putFrames(store, frameOf([first])), Failure, "the disk is full");
  assertEquals(failure.kind, "no_space");
  files.bytesLeft = Number.POSITIVE_INFINITY;
  assert((await putFrames(store, frameOf([first]))).ok);
  assertEquals(await store.get(hashes[0]!), first);
});

Deno.test("a pack that cannot even be cut back is given up, and recovered by whoever takes it next", async () => {
  await using directory = await tempDirectory();
  const files = new FailingFiles();
  {
    await using store = await openPackStore(directory.path, { openFile: files.openFile });
    assert((await putFrames(store, frameOf([first]))).ok);
    files.bytesLeft = 100;
    files.truncateFails = true;
    await assertRejects(() => putFrames(store, frameOf([second])), Failure, "the disk is full");
    files.bytesLeft = Number.POSITIVE_INFINITY;
    await assertRejects(() => putFrames(store, frameOf([second])), Failure);
    files.truncateFails = false;
    assert((await putFrames(store, frameOf([third]))).ok);
    assertEquals(await store.lacking(hashes), [hashes[1]]);
    assertEquals(await Array.fromAsync(store.verify()), []);
  }
  assertEquals(files.open, 0);
  await using store = await openPackStore(directory.path);
  for (const chunk of [first, third]) assertEquals(await store.get(sha256(chunk)), chunk);
});

Deno.test("a full disk under the index is told as such, and costs nothing but the frame", async () => {
  await using directory = await tempDirectory();
  if (!await mountSmallDisk(directory.path)) return;
  try {
    await using store = await openPackStore(directory.path);
    const kept: Uint8Array[] = [];
    let failures = 0;
    for (let seed = 0; failures < 5; seed++) {
      const chunk = noise(50_000 + seed, seed);
      try {
        assert((await putFrames(store, frameOf([chunk]))).ok);
        kept.push(chunk);
      } catch (failure) {
        assert(failure instanceof Failure && failure.kind === "no_space", String(failure));
        failures++;
      }
    }
    assert(kept.length > 5);
    for (const chunk of kept) assertEquals(await store.get(sha256(chunk)), chunk);
    assertEquals(await Array.fromAsync(store.verify()), []);
  } finally {
    await new Deno.Command("umount", { args: [directory.path] }).output();
  }
});

/** Mounts two mebibytes of memory; `false` where that is not allowed. */
async function mountSmallDisk(path: string): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  const { success } = await new Deno.Command("mount", { args: ["-t", "tmpfs", "-o", "size=2m", "tmpfs", path] })
    .output();
  return success;
}

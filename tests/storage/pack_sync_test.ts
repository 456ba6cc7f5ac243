import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { Failure } from "../../lib/core/mod.ts";
import { type ChunkStore, openPackStore } from "../../lib/storage/mod.ts";
import { earlyFlushBytes } from "../../lib/storage/pack_sync.ts";
import { FailingFiles } from "./failing_files.ts";
import { frameOf, noise, putFrames } from "./fixtures.ts";
import { tempDirectory } from "./temp_directory.ts";

let seeds = 0;

async function putOne(store: ChunkStore): Promise<void> {
  assert((await putFrames(store, frameOf([noise(500, seeds++)]))).ok);
}

/** The bytes of each pack that are not recorded as durable. */
function undurableBytes(directory: string): number[] {
  const database = new DatabaseSync(join(directory, "chunks.sqlite"), { readOnly: true });
  const rows = database.prepare("SELECT indexed_length - durable_length AS bytes FROM pack ORDER BY id").all();
  database.close();
  return rows.map((row) => Number(row.bytes));
}

Deno.test("sync() makes durable what any process put, and flushes nothing twice", async () => {
  await using directory = await tempDirectory();
  const files = new FailingFiles();
  await using one = await openPackStore(directory.path, { openFile: files.openFile });
  await using two = await openPackStore(directory.path);
  await putOne(one);
  await putOne(two);
  assert(undurableBytes(directory.path).every((bytes) => bytes > 0));
  const before = files.flushes;
  await one.sync();
  assertEquals(undurableBytes(directory.path), [0, 0]);
  assertEquals(files.flushes - before, 2);
  await one.sync();
  await two.sync();
  assertEquals(files.flushes - before, 2);
});

Deno.test("calls of sync() at the same time share a flush, and each covers what was put before it", async () => {
  await using directory = await tempDirectory();
  const files = new FailingFiles();
  await using store = await openPackStore(directory.path, { openFile: files.openFile });
  await putOne(store);
  const before = files.flushes;
  const first = store.sync();
  await putOne(store);
  const second = Promise.all(Array.from({ length: 50 }, () => store.sync()));
  await first;
  await second;
  assertEquals(undurableBytes(directory.path), [0]);
  assert(files.flushes - before <= 2, `${files.flushes - before} flushes`);
});

Deno.test("sync() never succeeds again after a flush has failed, until the store is opened anew", async () => {
  await using directory = await tempDirectory();
  const files = new FailingFiles();
  const store = await openPackStore(directory.path, { openFile: files.openFile });
  await putOne(store);
  files.flushFails = true;
  await assertRejects(() => store.sync(), Failure, "durable");
  files.flushFails = false;
  assertEquals((await assertRejects(() => store.sync(), Failure, "durable")).kind, "io");
  await assertRejects(() => Promise.resolve(store[Symbol.asyncDispose]()), Failure, "durable");
  assertEquals(files.open, 0);
  await using again = await openPackStore(directory.path);
  assertEquals(undurableBytes(directory.path), [0]);
  assertEquals((await again.stats()).chunks, 1);
});

Deno.test("putFrames() begins to make durable what it keeps, if that is much, and sync() tells if this failed", async () => {
  await using directory = await tempDirectory();
  const files = new FailingFiles();
  const store = await openPackStore(directory.path, { openFile: files.openFile });
  await putOne(store);
  const before = files.flushes;
  let bytes = 0;
  async function* half(): AsyncGenerator<Uint8Array> {
    for (const end = bytes + earlyFlushBytes / 2; bytes < end; bytes += 200_000) {
      yield frameOf([noise(200_000, seeds++)]);
    }
  }
  assert((await store.putFrames(half())).ok);
  assertEquals(files.flushes, before);
  files.flushFails = true;
  const flushing = Promise.withResolvers<void>();
  files.onFlush = flushing.resolve;
  assert((await store.putFrames(half())).ok);
  await flushing.promise;
  files.flushFails = false;
  await assertRejects(() => store.sync(), Failure, "durable");
  await assertRejects(async () => await store[Symbol.asyncDispose](), Failure, "durable");
});

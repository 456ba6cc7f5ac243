import { assert, assertEquals, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { Failure } from "../../../lib/core/mod.ts";
import { openSqliteStore } from "../../../lib/metadata/mod.ts";
import { openSqliteDatabase } from "../../../lib/metadata/store/open_sqlite_database.ts";
import { SqliteDatabase } from "../../../lib/metadata/store/sqlite_database.ts";
import { prepareSchema, schemaVersion } from "../../../lib/metadata/store/sqlite_schema.ts";
import { metadataStoreContract } from "../../contracts/metadata_store_contract.ts";
import { applyAll, at, directory, file, read, readEntries, space } from "./fixtures.ts";
import { databaseFolder, openWithSpace } from "./sqlite_fixtures.ts";

metadataStoreContract("SqliteMetadataStore", async () => {
  const folder = await databaseFolder();
  const store = openSqliteStore(folder.path);
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
});

/** Many files whose rows take some 200 KiB. */
function manyFiles(prefix: string): Record<string, ReturnType<typeof file>> {
  return Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`${prefix}${n}`, file(`${n}`)]));
}

/** A database that another program makes the schema of before the question of the given number. */
class RacedDatabase extends SqliteDatabase {
  #questions: number;
  readonly #path: string;

  constructor(path: string, questions: number) {
    super(path, { busyTimeoutMs: 1000 });
    this.#path = path;
    this.#questions = questions;
  }

  override row(sql: string): ReturnType<SqliteDatabase["row"]> {
    if (this.#questions-- === 0) openSqliteDatabase(this.#path, { busyTimeoutMs: 1000 })[Symbol.dispose]();
    return super.row(sql);
  }
}

Deno.test("prepareSchema() bears that another process makes the schema between any two of its questions", async () => {
  // Those that come later are asked while nobody else can write.
  for (let questions = 0; questions < 3; questions++) {
    await using folder = await databaseFolder();
    using database = new RacedDatabase(folder.path, questions);
    prepareSchema(database, folder.path);
    assertEquals(Number(database.row("PRAGMA user_version")?.[0]), schemaVersion);
  }
});

Deno.test("openSqliteStore() finds everything again that was committed before", async () => {
  await using folder = await databaseFolder();
  const puts = { "d": directory(), "d/a": file("1") };
  let before;
  {
    await using store = await openWithSpace(folder.path);
    await applyAll(store, { id: "first", puts }, { puts: { "d/a": file("2") } });
    before = [await store.head(space), await read(store.entries(space)), await store.history(space, at("d/a"))];
  }
  await using store = openSqliteStore(folder.path);
  assertEquals(
    [await store.head(space), await read(store.entries(space)), await store.history(space, at("d/a"))],
    before,
  );
  assertEquals(await readEntries(store.entriesAt(space, 1)), puts);
  assertEquals((await applyAll(store, { id: "first", puts })).repeated, true);
});

Deno.test("commit() is durable in the file while the store is still open", async () => {
  await using folder = await databaseFolder();
  await using copies = await databaseFolder();
  await using store = await openWithSpace(folder.path);
  const { root } = await applyAll(store, { puts: { "a": file("1") } });
  await Deno.copyFile(folder.path, copies.path);
  await Deno.copyFile(`${folder.path}-wal`, `${copies.path}-wal`);
  await using copy = openSqliteStore(copies.path);
  assertEquals((await copy.head(space))?.root, root);
});

Deno.test("two stores on one file see each other's commits at once", async () => {
  await using folder = await databaseFolder();
  await using one = await openWithSpace(folder.path);
  await using two = await openWithSpace(folder.path);
  for (let n = 0; n < 6; n++) {
    const [writer, reader] = n % 2 === 0 ? [one, two] : [two, one];
    await applyAll(writer, { puts: { "a": file(`${n}`) } });
    assertEquals((await reader.get(space, at("a")))?.version, n + 1);
  }
});

Deno.test("workers that open and commit to one new file at the same time all get through", async () => {
  await using folder = await databaseFolder();
  const workers = Array.from(
    { length: 4 },
    () => new Worker(import.meta.resolve("./sqlite_worker.ts"), { type: "module" }),
  );
  const answers = workers.map((worker) =>
    new Promise<number>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
    })
  );
  try {
    workers.forEach((worker, index) => worker.postMessage({ path: folder.path, client: `${index}`, commits: 10 }));
    assertEquals(await Promise.all(answers), [10, 10, 10, 10]);
  } finally {
    for (const worker of workers) worker.terminate();
  }
  await using store = openSqliteStore(folder.path);
  assertEquals((await store.head(space))?.revision, 40);
  assertEquals((await store.get(space, at("counter")))?.version, 40);
});

Deno.test("commit() fails as a conflict while another process holds the database, and works afterwards", async () => {
  await using folder = await databaseFolder();
  await using store = await openWithSpace(folder.path, { busyTimeoutMs: 1 });
  await applyAll(store, { puts: { "a": file("1") } });
  {
    using other = new DatabaseSync(folder.path);
    other.exec("BEGIN IMMEDIATE");
    const failure = await assertRejects(
      () => applyAll(store, { puts: { "a": file("2") } }),
      Failure,
      "another process",
    );
    assertEquals(failure.kind, "conflict");
    assertEquals((await store.get(space, at("a")))?.entry, file("1"));
  }
  await applyAll(store, { puts: { "a": file("2") } });
});

Deno.test("commit() on a full disk fails as no_space, applies nothing, and leaves the store usable", async () => {
  await using folder = await databaseFolder();
  await using store = await openWithSpace(folder.path, { bytesMax: 256 * 1024 });
  await applyAll(store, { puts: manyFiles("a") });
  const before = [await store.head(space), await read(store.entries(space))];
  const failure = await assertRejects(
    () => applyAll(store, { puts: { ...manyFiles("b"), ...manyFiles("c"), ...manyFiles("d") } }),
    Failure,
    "the disk is full",
  );
  assertEquals(failure.kind, "no_space");
  assertEquals([await store.head(space), await read(store.entries(space))], before);
  assertEquals((await applyAll(store, { puts: { "small": file("1") } })).revision, 2);
});

Deno.test("entries() can be read to its end after the store was closed, and be left early", async () => {
  await using folder = await databaseFolder();
  await using store = await openWithSpace(folder.path);
  await applyAll(store, { puts: { "d": directory(), ...manyFiles("d/f"), ...manyFiles("d/g") } });
  for await (const batch of store.entries(space)) {
    assertEquals(batch.directory, at(""));
    break;
  }
  const reading = store.entries(space);
  await reading.next();
  await store[Symbol.asyncDispose]();
  const rest = await read(reading);
  assertEquals(rest.map(({ children }) => children.length), [2000]);
});

Deno.test("entries() by more readers at once than connections are kept gives each the whole tree", async () => {
  await using folder = await databaseFolder();
  await using store = await openWithSpace(folder.path);
  await applyAll(store, { puts: { "d": directory(), "d/a": file("1") } });
  const readers = Array.from({ length: 12 }, () => store.entries(space));
  for (const reader of readers) assert(!(await reader.next()).done);
  for (const reader of readers) assertEquals((await read(reader)).length, 1);
});

Deno.test("reading a damaged database fails as corrupt", async () => {
  await using folder = await databaseFolder();
  {
    await using store = await openWithSpace(folder.path);
    await applyAll(store, { puts: { "a": file("1") } });
  }
  {
    using database = new DatabaseSync(folder.path);
    database.exec("UPDATE entry SET content = x'00'");
  }
  await using store = openSqliteStore(folder.path);
  for (const reading of [() => store.get(space, at("a")), () => read(store.entries(space))]) {
    assertEquals((await assertRejects(reading, Failure, "holds 1 bytes where a hash belongs")).kind, "corrupt");
  }
});

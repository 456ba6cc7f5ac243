import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { Failure } from "../../../lib/core/mod.ts";
import { openSqliteStore } from "../../../lib/metadata/mod.ts";
import { applicationId, schemaVersion } from "../../../lib/metadata/store/sqlite_schema.ts";
import { applyAll, at, file, space } from "./fixtures.ts";
import { databaseFolder, openWithSpace } from "./sqlite_fixtures.ts";

/** Makes sure that a file is refused and left as it is. */
async function assertRefused(path: string, text: string): Promise<Failure> {
  const before = await Deno.readFile(path);
  const failure = assertThrows(() => openSqliteStore(path), Failure, text);
  assertEquals(failure.kind, "conflict");
  assertEquals(await Deno.readFile(path), before);
  return failure;
}

Deno.test("openSqliteStore() marks a new file with application id and schema version", async () => {
  await using folder = await databaseFolder();
  await openSqliteStore(folder.path)[Symbol.asyncDispose]();
  using database = new DatabaseSync(folder.path);
  assertEquals(database.prepare("PRAGMA application_id").get()?.["application_id"], applicationId);
  assertEquals(database.prepare("PRAGMA user_version").get()?.["user_version"], schemaVersion);
  assertEquals(database.prepare("PRAGMA journal_mode").get()?.["journal_mode"], "wal");
});

Deno.test("openSqliteStore() takes an empty file for a new one", async () => {
  await using folder = await databaseFolder();
  await Deno.writeFile(folder.path, new Uint8Array());
  await using store = openSqliteStore(folder.path);
  assertEquals(await store.spaces(), []);
});

Deno.test("openSqliteStore() refuses a file that is no database", async () => {
  await using folder = await databaseFolder();
  await Deno.writeTextFile(folder.path, "My notes\n".repeat(1000));
  await assertRefused(folder.path, "is not a dfs database");
});

Deno.test("openSqliteStore() refuses a database of another program", async () => {
  for (const script of ["CREATE TABLE notes (text)", "PRAGMA application_id = 7", "PRAGMA user_version = 1"]) {
    await using folder = await databaseFolder();
    {
      using database = new DatabaseSync(folder.path);
      database.exec(script);
    }
    await assertRefused(folder.path, "is not a dfs database");
  }
});

Deno.test("openSqliteStore() refuses a newer schema, naming both versions", async () => {
  await using folder = await databaseFolder();
  await openSqliteStore(folder.path)[Symbol.asyncDispose]();
  {
    using database = new DatabaseSync(folder.path);
    database.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
  }
  const failure = await assertRefused(folder.path, `has schema version ${schemaVersion + 1}`);
  assertStringIncludes(failure.message, `knows up to ${schemaVersion}`);
  assertEquals(failure.hint, "Use a newer dfs");
});

/** What makes a database as it was before times had nanoseconds. */
const withoutRests = ["entry", "history", "announced", "announced_history", "session_path"]
  .map((table) => `ALTER TABLE ${table} DROP COLUMN mtime_rest`).join("; ");

Deno.test("openSqliteStore() brings a database of schema version 8 up to date, whose times have no nanoseconds", async () => {
  await using folder = await databaseFolder();
  const [first, second, third] = [file("1", { mtimeRestNs: 5 }), file("2"), file("3", { mtimeRestNs: 999_999 })];
  {
    await using store = await openWithSpace(folder.path);
    await applyAll(store, { puts: { "a": first } }, { puts: { "a": second } });
  }
  {
    using database = new DatabaseSync(folder.path);
    database.exec(`${withoutRests}; PRAGMA user_version = 8`);
  }
  await using store = openSqliteStore(folder.path);
  await applyAll(store, { puts: { "a": third } });
  assertEquals((await store.history(space, at("a"))).map(({ entry }) => entry), [third, second, file("1")]);
  using database = new DatabaseSync(folder.path);
  assertEquals(database.prepare("PRAGMA user_version").get()?.["user_version"], schemaVersion);
});

Deno.test("openSqliteStore() brings a database of schema version 5 up to date, whose spaces say nothing of conflicts", async () => {
  await using folder = await databaseFolder();
  await (await openWithSpace(folder.path))[Symbol.asyncDispose]();
  {
    using database = new DatabaseSync(folder.path);
    const newer = "ALTER TABLE space DROP COLUMN conflicts; DROP TABLE run; DROP TABLE unnamed_manifest";
    database.exec(`${withoutRests}; ${newer}; PRAGMA user_version = 5`);
  }
  {
    await using store = openSqliteStore(folder.path);
    assertEquals((await store.head(space))?.conflicts, undefined);
    await store.setConflictRules(space, { rules: [], default: "manual" });
  }
  await using store = openSqliteStore(folder.path);
  assertEquals((await store.head(space))?.conflicts, { rules: [], default: "manual" });
});

Deno.test("openSqliteStore() names the file that it cannot open", async () => {
  await using folder = await databaseFolder();
  const path = `${folder.path}/none/metadata.db`;
  const failure = assertThrows(() => openSqliteStore(path), Failure, `Cannot open ${JSON.stringify(path)}`);
  assertEquals(failure.kind, "io");
});

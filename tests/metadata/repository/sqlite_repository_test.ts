import { assertEquals, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { Failure } from "../../../lib/core/mod.ts";
import { openSqliteStore } from "../../../lib/metadata/mod.ts";
import { openSqliteRepository } from "../../../lib/metadata/repository/mod.ts";
import { schemaVersion } from "../../../lib/metadata/store/sqlite_schema.ts";
import { metadataRepositoryContract } from "../../contracts/metadata_repository_contract.ts";
import { applyAll, at, file, space } from "../store/fixtures.ts";
import { databaseFolder, openWithSpace } from "../store/sqlite_fixtures.ts";
import { announcement, short, transact } from "./fixtures.ts";

metadataRepositoryContract("SqliteMetadataRepository", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await databaseFolder());
  const store = stack.use(openSqliteStore(folder.path));
  const repository = stack.use(openSqliteRepository(folder.path));
  const opened = stack.move();
  return { store, repository, [Symbol.asyncDispose]: () => opened.disposeAsync() };
});

Deno.test("openSqliteRepository() finds everything again that was announced before", async () => {
  await using folder = await databaseFolder();
  await using store = await openWithSpace(folder.path);
  {
    await using repository = openSqliteRepository(folder.path);
    await transact({ store, repository }, { type: "add", metadata: announcement("a", "1") });
  }
  await using repository = openSqliteRepository(folder.path);
  assertEquals(await short({ store, repository }, "a"), "1 pending");
});

Deno.test("two repositories on one file see each other's announcements at once, and compare with them", async () => {
  await using folder = await databaseFolder();
  await using store = await openWithSpace(folder.path);
  await using one = openSqliteRepository(folder.path);
  await using two = openSqliteRepository(folder.path);
  await transact({ store, repository: one }, { type: "add", metadata: announcement("a", "1") });
  const update = { type: "update", metadata: announcement("a", "2"), expected: { version: 1 } } as const;
  const outcomes = await Promise.all([one, two].map((side) => side.transact(space, { steps: [update], atMs: 0 })));
  assertEquals(outcomes.map(({ ok }) => ok), [true, false]);
  assertEquals(await short({ store, repository: two }, "a"), "2 pending");
});

Deno.test("openSqliteRepository() brings a database of schema 1 up to date and keeps what is in it", async () => {
  await using folder = await databaseFolder();
  {
    using database = new DatabaseSync(folder.path);
    const script = new URL("../../fixtures/metadata/database_schema1.sql", import.meta.url);
    database.exec(Deno.readTextFileSync(script));
  }
  await using repository = openSqliteRepository(folder.path);
  await using store = openSqliteStore(folder.path);
  const sides = { store, repository };
  assertEquals(await short(sides, "a.txt"), "2 synced");
  assertEquals((await repository.list(space, { limit: 9 })).entries.map(({ metadata }) => `${metadata.path}`), [
    "a.txt",
    "docs",
    "docs/b.txt",
  ]);
  assertEquals((await repository.history(space, at("a.txt"))).map(({ metadata }) => metadata.version), [2, 1]);
  await transact(sides, { type: "update", metadata: announcement("a.txt", "new") });
  await applyAll(store, { puts: { "c.txt": file("3") } });
  assertEquals([await short(sides, "a.txt"), await short(sides, "c.txt")], ["3 modified", "1 synced"]);
  using database = new DatabaseSync(folder.path);
  assertEquals(database.prepare("PRAGMA user_version").get()?.["user_version"], schemaVersion);
});

Deno.test("reading an announcement that is damaged fails as corrupt", async () => {
  await using folder = await databaseFolder();
  await using store = await openWithSpace(folder.path);
  await using repository = openSqliteRepository(folder.path);
  await transact({ store, repository }, { type: "add", metadata: announcement("a", "1") });
  {
    using database = new DatabaseSync(folder.path);
    database.exec("UPDATE announced SET kind = 9");
  }
  const failure = await assertRejects(() => repository.get(space, at("a")), Failure, "announcement of code 9");
  assertEquals(failure.kind, "corrupt");
});

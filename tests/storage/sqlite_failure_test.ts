import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { Failure } from "../../lib/core/mod.ts";
import { sqliteFailure } from "../../lib/storage/sqlite_failure.ts";
import { tempDirectory } from "./temp_directory.ts";

/** What `work` throws. */
function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  throw new Error("Nothing was thrown");
}

Deno.test("sqliteFailure() tells a full disk, a lock and a damaged file from other trouble", async () => {
  await using directory = await tempDirectory();
  const path = `${directory.path}/a.sqlite`;
  using database = new DatabaseSync(path, { timeout: 0 });
  using other = new DatabaseSync(path, { timeout: 0 });
  database.exec("CREATE TABLE t (x); PRAGMA max_page_count = 4");
  const full = thrownBy(() => database.exec("INSERT INTO t VALUES (zeroblob(100000))"));
  assertEquals(sqliteFailure("write", full).kind, "no_space");
  database.exec("BEGIN IMMEDIATE");
  const busy = thrownBy(() => other.exec("BEGIN IMMEDIATE"));
  assertEquals(sqliteFailure("write", busy).kind, "conflict");
  Deno.writeTextFileSync(`${directory.path}/b.sqlite`, "not a database ".repeat(100));
  const damaged = thrownBy(() => {
    using database = new DatabaseSync(`${directory.path}/b.sqlite`);
    database.exec("SELECT * FROM t");
  });
  assertEquals(sqliteFailure("open", damaged).kind, "corrupt");
  assertEquals(sqliteFailure("read", thrownBy(() => database.exec("SELECT nonsense"))).kind, "io");
});

Deno.test("sqliteFailure() leaves a Failure as it is", () => {
  const failure = new Failure("refused", "No");
  assertEquals(sqliteFailure("write", failure), failure);
});

import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { Failure } from "../../lib/core/mod.ts";
import { openPackStore } from "../../lib/storage/mod.ts";
import { tempDirectory } from "./temp_directory.ts";

async function failureOfOpening(directory: string): Promise<Failure> {
  return await assertRejects(() => openPackStore(directory), Failure);
}

Deno.test("openPackStore() refuses the database of another program and leaves it as it is", async () => {
  for (const sql of ["CREATE TABLE notes (text)", "PRAGMA application_id = 7", "PRAGMA user_version = 3"]) {
    await using directory = await tempDirectory();
    const path = join(directory.path, "chunks.sqlite");
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
    const before = Deno.readFileSync(path);
    const failure = await failureOfOpening(directory.path);
    assertEquals([failure.kind, failure.message.includes("another program")], ["conflict", true]);
    assertEquals(Deno.readFileSync(path), before);
  }
});

Deno.test("openPackStore() refuses an index that a newer dfs wrote", async () => {
  await using directory = await tempDirectory();
  await (await openPackStore(directory.path))[Symbol.asyncDispose]();
  const database = new DatabaseSync(join(directory.path, "chunks.sqlite"));
  database.exec("PRAGMA user_version = 1000");
  database.close();
  const failure = await failureOfOpening(directory.path);
  assertEquals([failure.kind, failure.message.includes("newer dfs (schema 1000)")], ["conflict", true]);
});

Deno.test("openPackStore() refuses an index that is no database and says what to do", async () => {
  await using directory = await tempDirectory();
  Deno.writeTextFileSync(
    join(directory.path, "chunks.sqlite"),
    "this is no database at all, though long enough".repeat(9),
  );
  const failure = await failureOfOpening(directory.path);
  assertEquals([failure.kind, failure.hint?.includes("rebuilt from the packs")], ["corrupt", true]);
});

import { assertEquals } from "@std/assert";
import { openSqliteSessionStore } from "../../../lib/metadata/sessions/mod.ts";
import { sessionStoreContract } from "../../contracts/session_store_contract.ts";
import { at } from "../store/fixtures.ts";
import { databaseFolder } from "../store/sqlite_fixtures.ts";
import { begin, change, known, laptop, pathOf, piece } from "./fixtures.ts";

sessionStoreContract("SqliteSessionStore", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await databaseFolder());
  const store = stack.use(openSqliteSessionStore(folder.path));
  const opened = stack.move();
  return { store, [Symbol.asyncDispose]: () => opened.disposeAsync() };
});

Deno.test("openSqliteSessionStore() finds sessions again, with paths, pieces and what their client held", async () => {
  await using folder = await databaseFolder();
  {
    await using store = openSqliteSessionStore(folder.path);
    await store.addClient(laptop, 9);
    await begin(store, "s");
    await change(store, "s", {
      plan: [pathOf("upload", "a"), pathOf("same", "b", { done: true, held: 4 })],
      holds: true,
    });
    await store.putPiece("s", piece("a", 1));
  }
  await using store = openSqliteSessionStore(folder.path);
  assertEquals((await known(store, "s")).tick, 1);
  assertEquals((await store.upload("s", at("a")))?.pieces.map(({ index }) => index), [1]);
  assertEquals(await store.held(laptop.id, "default"), new Map([[at("b"), 4]]));
});

Deno.test("two stores on one file: one of two updates at the same tick wins, pieces of both are kept", async () => {
  await using folder = await databaseFolder();
  await using one = openSqliteSessionStore(folder.path);
  await using two = openSqliteSessionStore(folder.path);
  await one.addClient(laptop, 9);
  await begin(one, "s");
  const update = { tick: 0, atMs: 300, state: "ComputingDiff", data: "{}", plan: [pathOf("upload", "a")] };
  assertEquals(await Promise.all([one.update("s", update), two.update("s", update)]), [true, false]);
  await Promise.all([one.putPiece("s", piece("a", 0)), two.putPiece("s", piece("a", 2))]);
  assertEquals((await two.upload("s", at("a")))?.pieces.map(({ index }) => index), [0, 2]);
});

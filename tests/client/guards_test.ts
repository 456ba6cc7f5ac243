import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Failure } from "../../lib/core/mod.ts";
import { Replica } from "../support/replica.ts";
import { startServer } from "../support/test_server.ts";

function files(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, `content ${index}`]));
}

function empty(replica: Replica): void {
  for (const { name } of Deno.readDirSync(replica.path)) if (name !== ".dfs") replica.remove(name);
}

for (const count of [3, 40]) {
  Deno.test(`push() of a folder from which all ${count} files vanished halts, and goes through when that is meant`, async () => {
    await using server = await startServer();
    await using a = await Replica.make(server.url, files(count));
    await using b = await Replica.make(server.url);
    await a.push();
    empty(a);
    const failure = await assertRejects(() => a.push(), Failure);
    assertEquals(failure.kind, "refused");
    assertStringIncludes(failure.message, `${count} of ${count} files from the server`);
    assertStringIncludes(failure.hint!, `--confirm-deletes ${count}`);
    await b.pull();
    assertEquals(Object.keys(b.tree()).length, count);
    assert((await a.push({ confirmDeletes: count })).synchronized);
    const atB = await assertRejects(() => b.pull(), Failure);
    assertEquals(atB.kind, "refused");
    assertEquals(Object.keys(b.tree()).length, count);
    assert((await b.pull({ confirmDeletes: count })).synchronized);
    assertEquals(b.tree(), {});
  });
}

Deno.test("push() halts when more files would go than were agreed to", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, files(40));
  await a.push();
  for (let index = 0; index < 20; index++) a.remove(`f${index}`);
  await assertRejects(() => a.push({ confirmDeletes: 19 }), Failure);
  await assertRejects(() => a.push(), Failure);
  // Force is about what others changed; it does not switch this guard off.
  await assertRejects(() => a.push({ force: true }), Failure);
  assert((await a.push({ confirmDeletes: 20 })).synchronized);
});

Deno.test("push() says nothing to a single file that was renamed or deleted, nor to a folder that was renamed", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "one": "1" });
  await a.push();
  Deno.renameSync(a.at("one"), a.at("two"));
  assert((await a.push()).synchronized);
  a.write(Object.fromEntries(Object.entries(files(60)).map(([path, text]) => [`dir/${path}`, text])));
  await a.push();
  Deno.renameSync(a.at("dir"), a.at("moved"));
  assert((await a.push()).synchronized);
  a.remove("moved/f1");
  assert((await a.push()).synchronized);
});

Deno.test("push() of a folder that is gone, or was replaced by an empty one, deletes nothing", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, files(20));
  await a.push();
  const away = `${a.path}-away`;
  Deno.renameSync(a.path, away);
  try {
    const gone = await assertRejects(() => a.push(), Failure);
    assertEquals(gone.kind, "not_found");
    Deno.mkdirSync(a.path);
    const unmounted = await assertRejects(() => a.push(), Failure);
    assertEquals(unmounted.kind, "refused");
    Deno.removeSync(a.path, { recursive: true });
  } finally {
    Deno.renameSync(away, a.path);
  }
  assertEquals((await a.push()).changes, []);
});

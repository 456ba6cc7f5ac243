import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Failure } from "../../lib/core/mod.ts";
import type { SyncReport } from "../../lib/client/mod.ts";
import { folderFacts } from "../support/folder_facts.ts";
import { Relay } from "../support/relay.ts";
import { Replica } from "../support/replica.ts";
import { revisionOf, startServer } from "../support/test_server.ts";

const some = { "a.txt": "alpha", "dir/b.txt": "beta", "dir/deep/c.txt": "gamma" };

function changed({ changes }: SyncReport): string[] {
  return changes.map(({ change, path }) => `${change} ${path}`);
}

async function refusal(run: Promise<unknown>): Promise<Failure> {
  const failure = await assertRejects(() => run, Failure);
  assertEquals(failure.kind, "refused");
  return failure;
}

Deno.test("push() and pull() bring a folder to another place, and say what they did", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, some);
  await using b = await Replica.make(server.url);
  const pushed = await a.push();
  assertEquals(changed(pushed), [
    "added a.txt",
    "added dir",
    "added dir/b.txt",
    "added dir/deep",
    "added dir/deep/c.txt",
  ]);
  assert(pushed.synchronized);
  assertEquals([pushed.revision, pushed.files, pushed.totalBytes, pushed.sentBytes], [1, 3, 14, 14]);
  const pulled = await b.pull();
  assertEquals(changed(pulled), changed(pushed));
  assert(pulled.synchronized);
  assertEquals([pulled.revision, pulled.root, pulled.fetchedBytes], [1, pushed.root, 14]);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
  assertEquals([...Deno.readDirSync(b.at(".dfs"))].map(({ name }) => name).filter((name) => name === "staging"), []);
});

Deno.test("push() and pull() with nothing changed make no revision and move less than a kilobyte", async () => {
  await using server = await startServer();
  await using relay = new Relay(server.url);
  await using a = await Replica.make(server.url, some);
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  for (const run of [() => a.push({ url: relay.url }), () => b.pull({ url: relay.url })]) {
    relay.heal();
    const report = await run();
    assertEquals([report.revision, report.changes.length, report.synchronized], [1, 0, true]);
    assertEquals([report.sentBytes, report.fetchedBytes], [0, 0]);
    assert(relay.up + relay.down < 1000, `${relay.up} bytes up, ${relay.down} bytes down`);
  }
});

Deno.test("push() with dryRun says what it would do, and changes nothing", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, some);
  const report = await a.push({ dryRun: true });
  assertEquals(changed(report).length, 5);
  assert(!report.synchronized);
  assertEquals(await revisionOf(server.url), 0);
  assertEquals([...Deno.readDirSync(a.path)].map(({ name }) => name).sort(), ["a.txt", "dir"]);
});

Deno.test("pull() with dryRun says what it would do, and changes nothing", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, some);
  await using b = await Replica.make(server.url);
  await a.push();
  assertEquals(changed(await b.pull({ dryRun: true })).length, 5);
  assertEquals([...Deno.readDirSync(b.path)], []);
});

Deno.test("push() refuses to undo what the server got meanwhile, names the paths, and does it when forced", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, some);
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  b.write({ "a.txt": "alpha of b", "new.txt": "of b" });
  b.remove("dir/b.txt");
  await b.push();
  a.write({ "a.txt": "alpha of a" });
  const failure = await refusal(a.push());
  assertEquals(failure.details, ["a.txt", "dir/b.txt", "new.txt"]);
  assertStringIncludes(failure.message, "3 paths");
  assertStringIncludes(failure.hint!, "--force");
  assertEquals(await revisionOf(server.url), 2);
  assert((await a.push({ force: true })).synchronized);
  await b.pull();
  assertEquals(b.tree(), a.tree());
  assertEquals(b.tree()["a.txt"], "alpha of a");
});

Deno.test("push() refuses to undo what another client committed while it was under way", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "1", "g": "1", "d/h": "1" });
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  b.write({ "f": "of b", "new of b": "" });
  Deno.removeSync(b.at("d"), { recursive: true });
  a.write({ "f": "of a", "g": "of a" });
  const overtaken = { beforeCommit: async () => void await b.push() };
  const failure = await refusal(a.push(overtaken));
  assertEquals(failure.details, ["d", "d/h", "f", "new of b"]);
  await b.pull();
  assertEquals(b.tree(), { "f": "of b", "g": "1", "new of b": "" });
  await a.push({ force: true });
  await b.pull();
  assertEquals(b.tree(), a.tree());
});

Deno.test("pull() refuses to undo what was never pushed, names the paths, and does it when forced", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, some);
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  a.write({ "a.txt": "alpha of a" });
  await a.push();
  b.write({ "a.txt": "alpha of b", "new.txt": "of b" });
  b.remove("dir/b.txt");
  const before = b.tree();
  const failure = await refusal(b.pull());
  assertEquals(failure.details, ["a.txt", "dir/b.txt", "new.txt"]);
  assertStringIncludes(failure.hint!, "--force");
  assertEquals(b.tree(), before);
  assert((await b.pull({ force: true })).synchronized);
  assertEquals(b.tree(), a.tree());
});

Deno.test("push() goes through beside changes of others that it agrees with", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, some);
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  a.write({ "both.txt": "the same" });
  b.write({ "both.txt": "the same", "own.txt": "of b" });
  await a.push();
  assert((await b.push()).synchronized);
  await a.pull();
  assertEquals(a.tree(), b.tree());
});

Deno.test("pull() keeps an edit within a folder that was deleted on the server from being lost", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, some);
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  a.remove("dir");
  await a.push();
  b.write({ "dir/b.txt": "edited", "dir/added.txt": "new" });
  const failure = await refusal(b.pull());
  assertEquals(failure.details, ["dir/added.txt", "dir/b.txt"]);
  assertEquals(b.tree()["dir/b.txt"], "edited");
});

Deno.test("push() takes renames, swaps and chains of renames as they are, and sends no content again", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "one/f": "1", "two/g": "2", "a": "of a", "b": "of b", "c": "of c" });
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  Deno.renameSync(a.at("one"), a.at("tmp"));
  Deno.renameSync(a.at("two"), a.at("one"));
  Deno.renameSync(a.at("tmp"), a.at("two"));
  Deno.renameSync(a.at("c"), a.at("d"));
  Deno.renameSync(a.at("b"), a.at("c"));
  Deno.renameSync(a.at("a"), a.at("b"));
  assertEquals((await a.push()).sentBytes, 0);
  assertEquals((await b.pull()).fetchedBytes, 0);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
});

Deno.test("push() tells an edit that kept its size and its time by the other times, or by --checksum", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "old" });
  await using b = await Replica.make(server.url);
  Deno.utimeSync(a.at("f"), 1_600_000_000, 1_600_000_000);
  await a.push();
  Deno.writeTextFileSync(a.at("f"), "new");
  Deno.utimeSync(a.at("f"), 1_600_000_000, 1_600_000_000);
  Deno.renameSync(a.at("f"), a.at("moved"));
  await a.push({ checksum: true });
  await b.pull();
  assertEquals(b.tree(), { "moved": "new" });
});

Deno.test("pull() says so when the server has no such space", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url);
  const failure = await assertRejects(() => a.pull({ space: "nowhere" }), Failure);
  assertEquals(failure.kind, "not_found");
  assertStringIncludes(failure.message, `no space "nowhere"`);
});

Deno.test("status() tells changes of both sides since they agreed", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, some);
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  a.write({ "a.txt": "new" });
  await a.push();
  b.remove("dir/b.txt");
  const report = await b.status();
  const told = (changes: typeof report.local) => changes.map(({ change, path }) => `${change} ${path}`);
  assertEquals([told(report.local), told(report.remote)], [["deleted dir/b.txt"], ["modified a.txt"]]);
  assertEquals([report.baseRevision, report.revision, report.synchronized], [1, 2, false]);
  assert((await a.status()).synchronized);
});

Deno.test("push() keeps spaces apart, and starts anew with another space", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "1" });
  await a.push({ space: "first" });
  const second = await a.push({ space: "second" });
  assertEquals([second.revision, changed(second)], [1, ["added f"]]);
  assertEquals([await revisionOf(server.url, "first"), await revisionOf(server.url, "default")], [1, 0]);
});

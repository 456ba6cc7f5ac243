import { assert, assertEquals, assertRejects } from "@std/assert";
import { Failure } from "../../lib/core/mod.ts";
import { Relay } from "../support/relay.ts";
import { endsAt, Interruption, Replica, retryNever } from "../support/replica.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { revisionOf, serveFolder, startServer } from "../support/test_server.ts";

const commits = "POST /api/spaces/default/commits";

Deno.test("push() and pull() without state: the same content is no conflict and moves nothing", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "content", "dir/g": "more" });
  await a.push();
  a.forget();
  const pushed = await a.push();
  assertEquals([pushed.revision, pushed.changes.length, pushed.sentBytes], [1, 0, 0]);
  a.forget();
  const pulled = await a.pull();
  assertEquals([pulled.revision, pulled.changes.length, pulled.fetchedBytes, pulled.synchronized], [1, 0, 0, true]);
});

Deno.test("push() and pull() without state: different content is refused, never overwritten", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "content" });
  await a.push();
  a.forget();
  a.write({ "f": "other" });
  for (const run of [() => a.push(), () => a.pull()]) {
    const failure = await assertRejects(run, Failure);
    assertEquals([failure.kind, failure.details], ["refused", ["f"]]);
  }
  assertEquals(a.tree(), { "f": "other" });
  assertEquals(await revisionOf(server.url), 1);
});

/** A server that is set back to revision 1, and a replica that was at revision 3. */
async function setBack(): Promise<AsyncDisposable & { readonly a: Replica; readonly url: string }> {
  await using stack = new AsyncDisposableStack();
  const temp = stack.use(await TempFolder.make());
  const data = temp.folder("data");
  const copy = `${temp.path}/copy`;
  const first = await serveFolder(data);
  const port = Number(new URL(first.url).port);
  const a = stack.use(await Replica.make(first.url, { "kept": "1", "edited": "old", "gone": "bye" }));
  await a.push();
  await first[Symbol.asyncDispose]();
  await new Deno.Command("cp", { args: ["-a", data, copy] }).output();
  const second = await serveFolder(data, port);
  a.write({ "added": "new file" });
  await a.push();
  a.write({ "later": "newer file" });
  await a.push();
  await second[Symbol.asyncDispose]();
  const third = stack.use(await serveFolder(copy, port));
  const owned = stack.move();
  return { a, url: third.url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

Deno.test("push() to a server that was set back sends again what is missing there", async () => {
  await using run = await setBack();
  const { a, url } = run;
  const report = await a.push();
  assertEquals(report.changes.map(({ change, path }) => `${change} ${path}`), ["added added", "added later"]);
  assert(report.synchronized);
  await using b = await Replica.make(url);
  await b.pull();
  assertEquals(b.tree(), a.tree());
  assertEquals((await a.push()).changes, []);
});

Deno.test("push() to a server that was set back deletes and overwrites nothing unasked", async () => {
  await using run = await setBack();
  const { a } = run;
  a.remove("gone");
  a.write({ "edited": "new" });
  const failure = await assertRejects(() => a.push(), Failure);
  assertEquals([failure.kind, failure.details], ["refused", ["edited", "gone"]]);
  assert((await a.push({ force: true })).synchronized);
});

Deno.test("pull() from a server that was set back deletes nothing unasked", async () => {
  await using run = await setBack();
  const { a } = run;
  const before = a.tree();
  const failure = await assertRejects(() => a.pull(), Failure);
  assertEquals([failure.kind, failure.details], ["refused", ["added", "later"]]);
  assertEquals(a.tree(), before);
});

Deno.test("push() notices that a server was set back though it has as many revisions again", async () => {
  await using run = await setBack();
  const { a, url } = run;
  await using b = await Replica.make(url);
  await b.pull();
  for (const text of ["1", "2", "3"]) {
    b.write({ "other": text });
    await b.push();
  }
  const failure = await assertRejects(() => a.push(), Failure);
  assertEquals([failure.kind, failure.details], ["refused", ["other"]]);
  await assertRejects(() => a.pull(), Failure);
  a.write({ "other": "3" });
  assert((await a.push()).synchronized);
});

Deno.test("push() whose commit was applied and whose answer got lost makes no second revision", async () => {
  await using server = await startServer();
  await using relay = new Relay(server.url);
  await using a = await Replica.make(server.url, { "f": "content" });
  relay.faults = { loseReplyTo: commits };
  const report = await a.push({ url: relay.url });
  assertEquals([relay.harm, report.revision, report.synchronized], [1, 1, true]);
});

Deno.test("push() after one that never heard of its commit makes no second revision and sends nothing", async () => {
  await using server = await startServer();
  await using relay = new Relay(server.url);
  await using a = await Replica.make(server.url, { "f": "content" });
  relay.faults = { loseReplyTo: commits, stayDown: true };
  await assertRejects(() => a.push({ url: relay.url, retry: retryNever }), Failure);
  const report = await a.push();
  assertEquals([report.revision, report.sentBytes, report.synchronized], [1, 0, true]);
});

Deno.test("push() after one that never heard of its commit knows its own change from those of others", async () => {
  await using server = await startServer();
  await using relay = new Relay(server.url);
  await using a = await Replica.make(server.url, { "f": "1", "g": "1", "h": "1" });
  await using b = await Replica.make(server.url);
  await a.push();
  a.write({ "f": "2", "new": "2" });
  a.remove("h");
  relay.faults = { loseReplyTo: commits, stayDown: true };
  await assertRejects(() => a.push({ url: relay.url, retry: retryNever }), Failure);
  a.write({ "f": "3", "new": "3" });
  assert((await a.push()).synchronized);
  await b.pull();
  assertEquals(b.tree(), { "f": "3", "g": "1", "new": "3" });
});

Deno.test("pull() after one that was interrupted takes what it had changed for no change of the user's", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "1", "g": "1", "z/h": "1" });
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  a.write({ "f": "2", "new": "2" });
  a.remove("z");
  await a.push();
  // The program ends after everything took its place, and before that is remembered.
  await assertRejects(() => b.pull({ progress: endsAt("remember") }), Interruption);
  assertEquals(b.tree(), a.tree());
  a.write({ "f": "3", "new": "3", "z/h": "3" });
  await a.push();
  assert((await b.pull()).synchronized);
  assertEquals(b.tree(), a.tree());
});

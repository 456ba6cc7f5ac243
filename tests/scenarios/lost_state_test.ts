import { assert, assertEquals, assertRejects } from "@std/assert";
import { Failure } from "../../lib/core/mod.ts";
import type { ConflictRules } from "../../lib/metadata/mod.ts";
import { Relay } from "../support/relay.ts";
import { endsAt, Interruption, retryNever } from "../support/replica.ts";
import { copiesIn, Scenario, treeWithoutCopies } from "../support/scenario.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { revisionOf, serveFolder, type TestServer } from "../support/test_server.ts";

Deno.test("scenario 13: state deleted, the same content: nothing moves, nothing is in conflict", async () => {
  await using scenario = await Scenario.make({ "f": "content", "dir/g": "more".repeat(20_000) });
  const { a, b } = scenario;
  for (const replica of [a, b]) {
    replica.forget();
    const { changes, conflicts, sentBytes, fetchedBytes, revision, synchronized } = await replica.sync();
    assertEquals([changes, conflicts, sentBytes, fetchedBytes, revision, synchronized], [[], [], 0, 0, 1, true]);
  }
  await scenario.settle();
});

Deno.test("scenario 13: state deleted, other content: both are kept, and nothing is taken for deleted", async () => {
  await using scenario = await Scenario.make({ "f": "old", "g": "old", "gone": "old", "same": "s" });
  const { a, b } = scenario;
  b.write({ "f": "of b" });
  await b.sync();
  a.forget();
  a.write({ "f": "of a", "g": "of a", "new": "n" });
  a.remove("gone");
  scenario.note();
  const report = await a.sync();
  assertEquals(report.conflicts.map(({ path }) => path), ["f", "g"]);
  await scenario.settle();
  assertEquals(treeWithoutCopies(a), { "f": "of a", "g": "of a", "gone": "old", "new": "n", "same": "s" });
  assertEquals(copiesIn(a), ["of b", "old"]);
});

Deno.test("scenario 13: a folder that another server knew is a new one to this", async () => {
  await using scenario = await Scenario.make({ "f": "here", "only here": "1" });
  await using other = await Scenario.make({ "f": "there", "only there": "1" });
  const { a } = scenario;
  scenario.note();
  Deno.utimeSync(other.a.at("f"), 1000, 1000);
  await other.a.sync();
  const { changes } = await a.sync({ space: "second" });
  assert(changes.every(({ side }) => side === "server"), "What one space holds is no deletion in another");
  assertEquals(a.tree(), { "f": "here", "only here": "1" });
});

/** A server that comes back with the data it had at revision 1, while two replicas stand at revision 3. */
async function setBack(): Promise<Scenario> {
  await using stack = new AsyncDisposableStack();
  const temp = stack.use(await TempFolder.make());
  const data = temp.folder("data");
  let served: TestServer = await serveFolder(data);
  const port = Number(new URL(served.url).port);
  const serve = async (folder: string, between: () => Promise<unknown>): Promise<void> => {
    await served[Symbol.asyncDispose]();
    await between();
    served = await serveFolder(folder, port);
  };
  stack.defer(() => served[Symbol.asyncDispose]());
  const files = { "kept": "1", "edited": "old", "gone": "bye", "fight": "old" };
  const scenario = await Scenario.on(served.url, stack.move(), { files });
  const { a } = scenario;
  await serve(data, () => new Deno.Command("cp", { args: ["-a", data, `${temp.path}/copy`] }).output());
  a.write({ "added": "new file", "edited": "new" });
  a.remove("gone");
  await scenario.settle();
  a.write({ "later": "newer file" });
  await scenario.settle();
  await serve(`${temp.path}/copy`, () => Promise.resolve());
  return scenario;
}

Deno.test("scenario 14: a server restored from a backup gets back what it lacks; nothing is deleted, no edit undone", async () => {
  await using scenario = await setBack();
  const { a, b } = scenario;
  a.write({ "fight": "of a" });
  b.write({ "fight": "of b", "of b": "unseen" });
  Deno.utimeSync(b.at("fight"), 3_000_000_000, 3_000_000_000);
  await scenario.settle();
  const expected = { "added": "new file", "edited": "new", "fight": "of b", "kept": "1", "later": "newer file" };
  // What was deleted since the backup is there again: nobody can tell it from what is new.
  assertEquals(treeWithoutCopies(a), { ...expected, "gone": "bye", "of b": "unseen" });
  const copies = copiesIn(a);
  for (const text of ["of a", "old"]) assert(copies.includes(text), `${text} is not among ${copies.join()}`);
  assertEquals(copies.length, 3);
});

Deno.test("scenario 14: a server that was set back and went on as far again is not believed to know the past", async () => {
  await using scenario = await setBack();
  const { a, b } = scenario;
  b.forget();
  for (const text of ["1", "2", "3"]) {
    b.write({ "other": text });
    await b.sync();
  }
  await scenario.settle();
  const tree = treeWithoutCopies(a);
  assertEquals([tree["added"], tree["later"], tree["edited"], tree["other"]], ["new file", "newer file", "new", "3"]);
});

Deno.test("scenario 14: a space that is gone from the server is filled again", async () => {
  await using temp = await TempFolder.make();
  await using stack = new AsyncDisposableStack();
  let served = await serveFolder(temp.folder("first"));
  stack.defer(() => served[Symbol.asyncDispose]());
  await using scenario = await Scenario.on(served.url, stack.move(), { files: { "f": "1", "dir/g": "2" } });
  await served[Symbol.asyncDispose]();
  served = await serveFolder(temp.folder("second"), Number(new URL(scenario.url).port));
  await scenario.settle({ order: [scenario.b, scenario.a] });
  assertEquals(scenario.tree(), { "dir/": "", "dir/g": "2", "f": "1" });
});

const commits = "POST /api/spaces/default/commits";

for (const [name, retried] of [["the same run", true], ["the next run", false]] as const) {
  Deno.test(`scenario 15: commit applied, reply lost: ${name} makes no second version and fetches nothing`, async () => {
    await using scenario = await Scenario.make({ "f": "1", "gone": "1", "fight": "old" });
    await using relay = new Relay(scenario.url);
    const { a, b } = scenario;
    b.write({ "fight": "of b" });
    await b.sync();
    a.write({ "f": "2", "new": "n", "fight": "of a, later" });
    a.remove("gone");
    Deno.utimeSync(a.at("fight"), 3_000_000_000, 3_000_000_000);
    scenario.note();
    relay.faults = { loseReplyTo: commits, stayDown: !retried };
    if (retried) assertEquals((await a.sync({ url: relay.url })).revision, 3);
    else {
      await assertRejects(() => a.sync({ url: relay.url, retry: retryNever }), Failure);
      const report = await a.sync();
      assertEquals([report.revision, report.sentBytes, report.fetchedBytes], [3, 0, 0]);
    }
    assert(relay.harm > 0);
    await scenario.settle();
    assertEquals(await revisionOf(scenario.url), 3);
    assertEquals(treeWithoutCopies(b), { "f": "2", "fight": "of a, later", "new": "n" });
    assertEquals(copiesIn(b), ["of b"]);
  });
}

Deno.test("scenario 15: after a lost reply, edits of others and of one's own are told from what was committed", async () => {
  await using scenario = await Scenario.make({ "f": "1", "g": "1", "h": "1" });
  await using relay = new Relay(scenario.url);
  const { a, b } = scenario;
  a.write({ "g": "2", "new": "2" });
  a.remove("h");
  relay.faults = { loseReplyTo: commits, stayDown: true };
  await assertRejects(() => a.sync({ url: relay.url, retry: retryNever }), Failure);
  await b.sync();
  b.write({ "f": "3", "h": "again" });
  await b.sync();
  a.write({ "g": "4", "new": "4" });
  const reports = await scenario.settle();
  assertEquals(reports.flatMap(({ conflicts }) => conflicts), []);
  assertEquals(b.tree(), { "f": "3", "g": "4", "h": "again", "new": "4" });
});

Deno.test("scenario 15: what was committed and changed by another before anybody heard of it is kept", async () => {
  await using scenario = await Scenario.make({ "f": "1" });
  await using relay = new Relay(scenario.url);
  const { a, b } = scenario;
  a.write({ "f": "2" });
  relay.faults = { loseReplyTo: commits, stayDown: true };
  await assertRejects(() => a.sync({ url: relay.url, retry: retryNever }), Failure);
  await b.sync();
  b.write({ "f": "3" });
  Deno.utimeSync(b.at("f"), 3_000_000_000, 3_000_000_000);
  await scenario.settle({ order: [b, a] });
  assertEquals(a.tree(), { "f": "3" });
});

Deno.test("scenario 15: what others made of a commit whose reply was lost is a conflict where it was edited again", async () => {
  await using scenario = await Scenario.make({ "f": "1", "back": "1", "gone": "1", "merged": "1\n2\n3\n4\n" });
  await using relay = new Relay(scenario.url);
  const { a, b } = scenario;
  a.write({ "f": "of a", "back": "of a", "merged": "one\n2\n3\n4\n" });
  a.remove("gone");
  relay.faults = { loseReplyTo: commits, stayDown: true };
  await assertRejects(() => a.sync({ url: relay.url, retry: retryNever }), Failure);
  await b.sync();
  b.write({ "f": "of b", "back": "of b", "gone": "1", "merged": "one\n2\n3\nfour\n" });
  await b.sync();
  a.write({ "f": "of a again", "merged": "one\ntwo\n3\n4\n" });
  const conflicts: ConflictRules = { rules: [{ pattern: "merged", policy: "merge" }] };
  const report = await a.sync({ conflicts });
  assertEquals(report.conflicts.map(({ path }) => path), ["f", "merged"]);
  await scenario.settle();
  const { f, ...others } = treeWithoutCopies(b);
  assertEquals(others, { "back": "of b", "gone": "1", "merged": "one\ntwo\n3\nfour\n" });
  assertEquals([f, ...copiesIn(b)].sort(), ["of a again", "of b"]);
});

Deno.test("scenario 15: an edit that was never committed and taken back is not known when another makes the same", async () => {
  await using scenario = await Scenario.make({ "f": "old" });
  const { a, b } = scenario;
  const { mtime } = Deno.lstatSync(a.at("f"));
  const edit = (replica: typeof a): void => {
    replica.write({ "f": "new" });
    Deno.utimeSync(replica.at("f"), 2_000_000_000, 2_000_000_000);
  };
  edit(a);
  await assertRejects(() => a.sync({ progress: endsAt("commit") }), Interruption);
  a.write({ "f": "old" });
  Deno.utimeSync(a.at("f"), mtime!, mtime!);
  await a.sync();
  edit(b);
  await b.sync();
  await scenario.settle();
  assertEquals(a.tree(), { "f": "new" });
});

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Failure, systemClock } from "../../lib/core/mod.ts";
import { Relay } from "../support/relay.ts";
import type { Replica } from "../support/replica.ts";
import { copiesIn, Scenario, treeWithoutCopies } from "../support/scenario.ts";

function files(count: number, prefix = "f"): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, `${prefix} ${index}`]));
}

function empty(replica: Replica): void {
  for (const { name } of Deno.readDirSync(replica.path)) if (name !== ".dfs") replica.remove(name);
}

async function refusal(run: () => Promise<unknown>): Promise<Failure> {
  const failure = await assertRejects(run, Failure);
  assertEquals(failure.kind, "refused", failure.message);
  return failure;
}

for (const count of [3, 40]) {
  Deno.test(`scenario 16: all of ${count} files deleted: a two-way run halts, and goes through when that is meant`, async () => {
    await using scenario = await Scenario.make(files(count));
    const { a, b } = scenario;
    empty(a);
    const atServer = await refusal(() => a.sync());
    assertStringIncludes(atServer.message, `${count} of ${count} files from the server`);
    assertStringIncludes(atServer.hint!, `--confirm-deletes ${count}`);
    assertEquals((await b.sync()).changes, []);
    await a.sync({ confirmDeletes: count });
    const atFolder = await refusal(() => b.sync());
    assertStringIncludes(atFolder.message, `${count} of ${count} files from "${b.path}"`);
    assertEquals(Object.keys(b.tree()).length, count);
    await scenario.settle({ run: { confirmDeletes: count } });
    assertEquals(b.tree(), {});
  });
}

Deno.test("scenario 16: all files deleted while the other side added many: what is new does not hide it", async () => {
  for (const [old, added] of [[20, 100], [3, 1]] as const) {
    await using scenario = await Scenario.make(files(old));
    const { a, b } = scenario;
    empty(a);
    b.write(files(added, "new "));
    await b.sync();
    assertStringIncludes((await refusal(() => a.sync())).message, `${old} of ${old} files from the server`);
    await scenario.settle({ run: { confirmDeletes: old } });
    assertEquals(a.tree(), b.tree());
    assertEquals(Object.keys(a.tree()).length, added);
  }
});

Deno.test("scenario 16: the root is emptied, gone, or replaced by an empty one: nothing is deleted", async () => {
  await using scenario = await Scenario.make(files(20));
  const { a, b } = scenario;
  const away = `${a.path}-away`;
  Deno.renameSync(a.path, away);
  try {
    assertEquals((await assertRejects(() => a.sync(), Failure)).kind, "not_found");
    Deno.mkdirSync(a.path);
    // Nothing is known in it: it is a new replica, which gets everything.
    const report = await a.sync();
    assert(report.changes.every(({ side }) => side === "folder"));
    Deno.removeSync(a.path, { recursive: true });
  } finally {
    Deno.renameSync(away, a.path);
  }
  assertEquals((await b.sync()).changes, []);
  await scenario.settle();
  assertEquals(Object.keys(a.tree()).length, 20);
});

Deno.test("scenario 16: one single file renamed, a folder of many renamed, half of many moved: the guard is silent", async () => {
  await using scenario = await Scenario.make({ "one": "1" });
  const { a, b } = scenario;
  Deno.renameSync(a.at("one"), a.at("two"));
  await scenario.settle();
  a.write(Object.fromEntries(Object.entries(files(60)).map(([path, text]) => [`dir/${path}`, text])));
  await scenario.settle();
  Deno.renameSync(b.at("dir"), b.at("moved"));
  // Edits that follow their files are no deletions either.
  a.write(Object.fromEntries(Object.entries(files(30)).map(([path, text]) => [`dir/${path}`, `${text}, edited`])));
  await scenario.settle();
  assertEquals(a.tree()["moved/f3"], "f 3, edited");
  assertEquals(Object.keys(a.tree()).length, 62);
});

Deno.test("scenario 17: all times touched, on one side and on both: nothing is sent again, nothing is in conflict", async () => {
  await using scenario = await Scenario.make(files(20));
  await using relay = new Relay(scenario.url);
  const { a, b } = scenario;
  for (const path of Object.keys(a.tree())) Deno.utimeSync(a.at(path), 1_600_000_000, 1_600_000_000);
  const reports = await scenario.settle({ run: { url: relay.url } });
  for (const path of Object.keys(a.tree())) {
    Deno.utimeSync(a.at(path), 1_600_000_001, 1_600_000_001);
    Deno.utimeSync(b.at(path), 1_600_000_002, 1_600_000_002);
  }
  reports.push(...await scenario.settle({ run: { url: relay.url } }));
  for (const { sentBytes, fetchedBytes, conflicts } of reports) {
    assertEquals([sentBytes, fetchedBytes, conflicts], [0, 0, []]);
  }
  const { mtime } = Deno.lstatSync(b.at("f0"));
  assertEquals(mtime!.getTime(), 1_600_000_001_000);
});

const yearMs = 365 * 86_400_000;

for (const [name, offMs] of [["ahead", yearMs], ["behind", -yearMs]] as const) {
  Deno.test(`scenario 17: the clock of one machine is a year ${name}: nothing is lost, no edit is missed`, async () => {
    await using scenario = await Scenario.make({ "f": "old", "g": "old", "h": "old" });
    const { a, b } = scenario;
    const wrong = { clock: { ...systemClock, now: () => Date.now() + offMs } };
    // What is written on that machine bears its time.
    const writeAtB = (path: string, text: string): void => {
      b.write({ [path]: text });
      const time = new Date(Date.now() + offMs);
      Deno.utimeSync(b.at(path), time, time);
    };
    writeAtB("f", "of b");
    a.write({ "f": "of a", "g": "of a" });
    scenario.note();
    await b.sync(wrong);
    const { conflicts } = await a.sync();
    assertEquals(conflicts.map(({ path }) => path), ["f"]);
    await b.sync(wrong);
    await scenario.settle();
    assertEquals(treeWithoutCopies(b)["f"], offMs > 0 ? "of b" : "of a");
    assertEquals(copiesIn(b), [offMs > 0 ? "of a" : "of b"]);
    for (const text of ["one", "two", "six"]) {
      writeAtB("h", text);
      await b.sync(wrong);
      assertEquals((await a.sync()).changes.map(({ path }) => path), ["h"]);
      assertEquals(a.tree()["h"], text);
    }
    assertEquals((await b.sync(wrong)).changes, []);
  });
}

Deno.test("scenario 17: times of 0 and before 1970, on either side, with the same content and with other", async () => {
  await using scenario = await Scenario.make({ "zero": "0", "negative": "-", "fight": "old" });
  const { a, b } = scenario;
  Deno.utimeSync(a.at("zero"), 0, 0);
  Deno.utimeSync(b.at("negative"), -86_400, -86_400);
  a.write({ "fight": "of a" });
  b.write({ "fight": "of b" });
  Deno.utimeSync(a.at("fight"), 0, 0);
  Deno.utimeSync(b.at("fight"), -1, -1);
  await scenario.settle();
  const times = ["zero", "negative", "fight"].map((path) => Deno.lstatSync(b.at(path)).mtime!.getTime());
  assertEquals(times, [0, -86_400_000, 0]);
  assertEquals([treeWithoutCopies(a)["fight"], copiesIn(a)], ["of a", ["of b"]]);
});

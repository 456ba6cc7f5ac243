import { assert, assertEquals, assertRejects } from "@std/assert";
import { type ProgressListener, silentProgress, type TransferOptions } from "../../lib/client/mod.ts";
import { Failure, type FailureKind } from "../../lib/core/mod.ts";
import { conflictPolicies } from "../../lib/sync/reconcile/mod.ts";
import { editFolder } from "../support/edit_folder.ts";
import { folderFacts } from "../support/folder_facts.ts";
import { mountDisk } from "../support/mount_disk.ts";
import { Relay } from "../support/relay.ts";
import { endsAt, Interruption, Replica, retryAtOnce, retryNever } from "../support/replica.ts";
import { contentsIn, copiesIn, Scenario, treeWithoutCopies } from "../support/scenario.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { serveFolder } from "../support/test_server.ts";

/** A text whose lines can be told apart when it is merged, long enough for several chunks. */
const text = Array.from({ length: 800 }, (_, index) => `line ${index}: ${"what stands in it ".repeat(5)}`);

function textWith(changes: Readonly<Record<number, string>>): string {
  return text.map((line, index) => `${changes[index] ?? line}\n`).join("");
}

const policies: Pick<TransferOptions, "conflicts"> = {
  conflicts: { rules: [{ pattern: "/merged.txt", policy: "merge" }] },
};

/** Two replicas with everything between them that makes a run change both sides; the first one has run. */
async function entangled(): Promise<Scenario> {
  const scenario = await Scenario.make({
    "later here": "old",
    "later there": "old",
    "merged.txt": textWith({}),
    "mode": "old",
    "edited here/f": "old f",
    "edited there/f": "old g",
    "emptied/f": "old",
    "kept": "1",
  });
  const { a, b } = scenario;
  a.write({ "later here": "of a", "later there": "of a", "merged.txt": textWith({ 10: "by a" }), "mode": "new" });
  b.write({ "later here": "of b", "later there": "of b", "merged.txt": textWith({ 790: "by b" }) });
  Deno.utimeSync(a.at("later here"), 1000, 1000);
  Deno.utimeSync(b.at("later there"), 1000, 1000);
  Deno.chmodSync(b.at("mode"), 0o755);
  Deno.renameSync(a.at("edited here"), a.at("moved by a"));
  Deno.renameSync(b.at("edited there"), b.at("moved by b"));
  b.write({ "edited here/f": "new f" });
  a.write({ "edited there/f": "new g" });
  a.remove("emptied");
  b.write({ "emptied/g": "added" });
  await a.sync(policies);
  return scenario;
}

const settled = {
  "emptied/": "",
  "emptied/g": "added",
  "kept": "1",
  "later here": "of b",
  "later there": "of a",
  "merged.txt": textWith({ 10: "by a", 790: "by b" }),
  "mode": "new",
  "moved by a/": "",
  "moved by a/f": "new f",
  "moved by b/": "",
  "moved by b/f": "new g",
};

/** Makes sure that a scene came to its end as it does when nobody interrupts it. */
async function checkEnd(scenario: Scenario): Promise<void> {
  await scenario.settle({ run: policies, merges: true });
  const { a } = scenario;
  assertEquals(treeWithoutCopies(a), settled);
  assertEquals(copiesIn(a), ["of a", "of b"]);
  assertEquals(Deno.lstatSync(a.at("mode")).mode! & 0o777, 0o755);
}

for (const phase of ["transfer", "commit", "apply", "remember"] as const) {
  Deno.test(`scenario 19: a two-way run that ends when it comes to ${phase} is completed by the next one`, async () => {
    await using scenario = await entangled();
    await assertRejects(() => scenario.b.sync({ ...policies, progress: endsAt(phase) }), Interruption);
    await checkEnd(scenario);
  });
}

Deno.test("scenario 19: a forced pull completes a two-way run that ended after its commit; a push refuses to undo it", async () => {
  await using scenario = await entangled();
  const { b } = scenario;
  await assertRejects(() => b.sync({ ...policies, progress: endsAt("apply") }), Interruption);
  const failure = await assertRejects(() => b.push(), Failure);
  assertEquals(failure.kind, "refused");
  await b.pull({ force: true });
  await checkEnd(scenario);
});

Deno.test("scenario 19: a two-way run that nobody interrupts comes to the same end", async () => {
  await using scenario = await entangled();
  await checkEnd(scenario);
});

// Scenario 18, kill -9 of client and server at any point of a push, a pull, a two-way run and a commit, with nothing sent
// twice, nothing half and nothing left behind, is tests/e2e/kill_test.ts; of a pack write tests/storage/pack_crash_test.ts;
// of a garbage collection tests/e2e/gc_kill_test.ts.

for (let seed = 1; seed <= 6; seed++) {
  Deno.test(`scenario 19: runs of several replicas that end anywhere, after edits of any kind (seed ${seed})`, async () => {
    const random = new SeededRandom(seed);
    await using scenario = await Scenario.make({ "a/b": "1" }, 2 + seed % 2);
    await using relay = new Relay(scenario.url);
    for (let round = 0; round < 4; round++) {
      const before = contentsIn(scenario.a);
      for (const { path } of scenario.replicas) editFolder(path, random, { edits: 12, bytesMax: 100_000 });
      scenario.note();
      const fresh = scenario.replicas.map(contentsIn).reduce((all, some) => all.union(some)).difference(before);
      const policy = random.pick(conflictPolicies.filter((policy) => policy !== "manual"));
      const run = { confirmDeletes: 1000, conflicts: { rules: [], default: policy } };
      for (let runs = random.below(4); runs > 0; runs--) {
        const replica = random.pick(scenario.replicas);
        relay.heal();
        relay.faults = random.below(4) === 0 ? { loseReplyTo: commits, stayDown: true } : {};
        const phase = random.pick(["transfer", "commit", "apply", "remember"] as const);
        // A disk that gets full ends a run between any two renames.
        const writesMax = random.below(2) === 0 ? random.below(12) : undefined;
        const ending = writesMax === undefined ? { progress: endsAt(phase) } : { writesMax };
        await attempt(() => replica.sync({ ...run, ...ending, url: relay.url, retry: retryNever }));
      }
      const order = random.below(2) === 0 ? scenario.replicas : scenario.replicas.toReversed();
      await scenario.settle({ run, order, merges: policy === "merge" });
      // Nobody took away what is new: history is not enough for it.
      if (policy !== "merge") {
        assert(fresh.isSubsetOf(contentsIn(scenario.a)), `What was new in round ${round} is gone`);
      }
    }
  });
}

/** What may fail a run whose way or whose disk is disturbed. */
const passing: readonly FailureKind[] = ["unreachable", "corrupt", "conflict", "usage", "io", "not_found", "no_space"];

/** Runs what may be interrupted, or fail for a reason that passes. */
async function attempt(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (cause) {
    if (cause instanceof Interruption) return;
    assert(cause instanceof Failure, String(cause instanceof Error ? cause.stack : cause));
    assert(passing.includes(cause.kind), cause.message);
  }
}

const commits = "POST /api/spaces/default/commits";

Deno.test("scenario 20: an upload that is cut at a third, then the file changes: nothing stale is used", async () => {
  await using scenario = await Scenario.make({ "kept": "1" });
  await using relay = new Relay(scenario.url);
  const { a, b } = scenario;
  const random = new SeededRandom(5);
  Deno.writeFileSync(a.at("large"), random.bytes(6_000_000));
  relay.faults = { cutUp: 2_000_000, stayDown: true };
  await assertRejects(() => a.sync({ url: relay.url, retry: retryNever }), Failure);
  Deno.writeFileSync(a.at("large"), random.bytes(3_000_000));
  const [report] = await scenario.settle();
  assertEquals(report!.sentBytes, 3_000_000);
  assertEquals(Deno.readFileSync(b.at("large")), Deno.readFileSync(a.at("large")));
});

/** How many places of a run are tried; all kinds of requests and answers are among them. */
const places = 12;

for (const [fault, way] of [["cutUp", "to"], ["cutDown", "from"]] as const) {
  Deno.test(`scenario 21: the connection is cut, for once and for good, anywhere on the way ${way} the server`, async () => {
    await using scenario = await Scenario.make({ "edited": "old", "fight": "old", "gone": "bye" });
    await using relay = new Relay(scenario.url);
    const { a, b } = scenario;
    const change = (round: number): void => {
      const random = new SeededRandom(round + 1);
      for (const [index, replica] of [a, b].entries()) {
        Deno.writeFileSync(replica.at(`large ${index}`), random.bytes(100_000));
        replica.write({ [`edited ${index}`]: `in ${round}`, "fight": `of ${index} in ${round}` });
        replica.write({ [`dir${round}/${index}`]: "new" });
      }
      if (round > 0) a.remove(`dir${round - 1}`);
    };
    let moved = [1, 1];
    for (let place = 0; place < places; place++) {
      change(place);
      scenario.note();
      const total: number[] = [];
      for (const [index, replica] of [a, b].entries()) {
        relay.heal();
        // The first round shows how many bytes there are to cut.
        const at = Math.floor(moved[index]! * place / places);
        if (place > 0) relay.faults = { [fault]: at, stayDown: place % 2 === 0 };
        await attempt(() => replica.sync({ url: relay.url, retry: place % 4 === 0 ? retryNever : retryAtOnce }));
        total.push(fault === "cutUp" ? relay.up : relay.down);
      }
      if (place === 0) moved = total;
      await scenario.settle();
    }
    assertEquals(copiesIn(a).length, places);
  });
}
// Scenario 21, deliveries that come twice or in another order: tests/sync/service/sync_service_test.ts, and every request
// is repeated in the tests above, after its answer was cut.

Deno.test("scenario 22: the client's disk gets full in the middle of a two-way run: nothing is half, and it goes on", async (t) => {
  await using scenario = await Scenario.make({ "kept": "1", "edited": "old" });
  const { a } = scenario;
  await using b = await Replica.make(scenario.url);
  await using disk = await mountDisk(b.path, 3 * 1024 * 1024);
  if (disk === undefined) return void await t.step({ name: "cannot mount a disk", ignore: true, fn: () => {} });
  const random = new SeededRandom(1);
  await b.sync();
  Deno.writeFileSync(b.at("ballast"), random.bytes(2_000_000));
  await b.sync();
  a.write({ "edited": "new" });
  for (const name of ["one", "two"]) Deno.writeFileSync(a.at(name), random.bytes(700_000));
  await a.sync();
  b.write({ "of b": "new" });
  const before = folderFacts(b.path);
  const failure = await assertRejects(() => b.sync(), Failure);
  assertEquals(failure.kind, "no_space", failure.message);
  assertEquals(folderFacts(b.path), before);
  b.remove("ballast");
  await scenario.settle({ order: [b, a] });
  assertEquals(Object.keys(a.tree()).sort(), ["edited", "kept", "of b", "one", "two"]);
});

Deno.test("scenario 22: the server's disk gets full in the middle of a chunk: it says so, and goes on when there is room", async (t) => {
  await using temp = await TempFolder.make();
  const data = temp.folder("data");
  await using disk = await mountDisk(data, 6 * 1024 * 1024);
  if (disk === undefined) return void await t.step({ name: "cannot mount a disk", ignore: true, fn: () => {} });
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await serveFolder(data));
  await using scenario = await Scenario.on(url, stack.move(), { files: { "f": "1" } });
  const { a, b } = scenario;
  const random = new SeededRandom(2);
  Deno.writeFileSync(`${data}/ballast`, random.bytes(4_500_000));
  Deno.writeFileSync(a.at("large"), random.bytes(2_500_000));
  const failure = await assertRejects(() => a.sync(), Failure);
  assertEquals(failure.kind, "no_space", failure.message);
  assertEquals((await b.sync()).changes, []);
  Deno.removeSync(`${data}/ballast`);
  await scenario.settle();
  assertEquals(Deno.readFileSync(b.at("large")), Deno.readFileSync(a.at("large")));
});
// Scenario 22, in the middle of a commit: tests/metadata/store/sqlite_failure_test.ts.

/** Does something once, when a run comes to a phase. */
function at(phase: Parameters<ProgressListener["phase"]>[0], act: () => void): ProgressListener {
  let done = false;
  return {
    ...silentProgress,
    phase: (begun) => {
      if (begun !== phase || done) return;
      done = true;
      act();
    },
  };
}

Deno.test("scenario 23: the source changes between the scan and its reading, and while the run goes on", async () => {
  await using scenario = await Scenario.make({ "f": "old", "g": "old", "gone": "old" });
  const { a, b } = scenario;
  for (const phase of ["transfer", "commit", "remember"] as const) {
    a.write({ "f": `before ${phase}`, "g": `before ${phase}`, "gone": `before ${phase}` });
    await a.sync({
      progress: at(phase, () => {
        a.write({ "f": `at ${phase}, longer`, "new": `at ${phase}` });
        a.remove("gone");
      }),
    });
    await scenario.settle();
    assertEquals(b.tree(), { "f": `at ${phase}, longer`, "g": `before ${phase}`, "new": `at ${phase}` });
  }
});

Deno.test("scenario 23: the target changes between the plan and the rename: it is left alone, and both are kept", async () => {
  await using scenario = await Scenario.make({ "becomes": "1", "f": "1", "gone": "1", "same": "1" });
  const { a, b } = scenario;
  a.write({ "f": "2", "new": "2", "same": "2" });
  a.remove("gone", "becomes");
  a.write({ "becomes/x": "2" });
  for (const path of ["f", "new", "same"]) Deno.utimeSync(a.at(path), 1000, 1000);
  await a.sync();
  const report = await b.sync({
    progress: at("apply", () => b.write({ "becomes": "edited", "f": "edited", "gone": "edited", "new": "edited" })),
  });
  assertEquals(report.problems.map(({ path }) => path).sort(), ["becomes", "becomes/x", "f", "gone", "new"]);
  assert(!report.synchronized);
  assertEquals(b.tree(), { "becomes": "edited", "f": "edited", "gone": "edited", "new": "edited", "same": "2" });
  await scenario.settle();
  const expected = { "becomes/": "", "becomes/x": "2", "f": "edited", "gone": "edited", "new": "edited", "same": "2" };
  assertEquals(treeWithoutCopies(a), expected);
  assertEquals(copiesIn(a), ["2", "2", "edited"]);
});
// Scenario 23, a file that changes while it is read: tests/sync/changing_file_test.ts.

Deno.test("scenario 24: a bit is turned anywhere in what the server says: it is found, refused, fetched again", async () => {
  await using scenario = await Scenario.make({ "edited": "old" });
  await using relay = new Relay(scenario.url);
  const { a, b } = scenario;
  let total = 1;
  let harm = 0;
  for (let place = 0; place < places; place++) {
    const random = new SeededRandom(place + 1);
    Deno.writeFileSync(a.at("large"), random.bytes(100_000));
    a.write({ "edited": `new ${place}`, [`dir${place}/f`]: "new" });
    await a.sync();
    b.write({ [`of b ${place}`]: "new" });
    relay.heal();
    if (place > 0) relay.faults = { flipDown: Math.floor(total * place / places) };
    // A length that grew makes the client wait for what never comes.
    await attempt(() => b.sync({ url: relay.url, patienceMs: 100 }));
    if (place === 0) total = relay.down;
    harm += relay.harm;
    await scenario.settle();
  }
  assert(harm >= places / 2, `${harm} bits were turned`);
});

Deno.test("scenario 24: staged bytes that were altered are fetched again", async () => {
  await using scenario = await Scenario.make({ "kept": "1" });
  const { a, b } = scenario;
  Deno.writeFileSync(a.at("large"), new SeededRandom(3).bytes(500_000));
  await a.sync();
  await assertRejects(() => b.sync({ progress: endsAt("apply") }), Interruption);
  for (const { name } of Deno.readDirSync(b.at(".dfs/staging"))) {
    using staged = Deno.openSync(b.at(`.dfs/staging/${name}`), { write: true });
    staged.writeSync(new TextEncoder().encode("spoiled"));
  }
  await scenario.settle();
  assertEquals(Deno.readFileSync(b.at("large")), Deno.readFileSync(a.at("large")));
});

Deno.test("scenario 24: a chunk that is altered in the pack is never served, nor taken, and can be sent again", async () => {
  await using temp = await TempFolder.make();
  const data = temp.folder("data");
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await serveFolder(data));
  await using scenario = await Scenario.on(url, stack.move(), { files: { "kept": "1" } });
  const { a, b } = scenario;
  Deno.writeFileSync(a.at("large"), new SeededRandom(4).bytes(200_000));
  await a.sync();
  for (const pack of packsIn(data)) {
    using file = Deno.openSync(pack, { read: true, write: true });
    const middle = Math.floor(file.statSync().size / 2);
    file.seekSync(middle, Deno.SeekMode.Start);
    const byte = new Uint8Array(1);
    file.readSync(byte);
    file.seekSync(middle, Deno.SeekMode.Start);
    file.writeSync(byte.map((value) => value ^ 1));
  }
  assertEquals((await b.sync()).problems.map(({ path, kind }) => `${kind} ${path}`), ["unreadable large"]);
  assertEquals(b.tree(), { "kept": "1" });
  const verify = { method: "POST", headers: { "content-type": "application/json" }, body: `{"repair":true}` };
  await (await fetch(`${url}/api/verify`, verify)).body?.cancel();
  // Whoever has the content sends it again, under whatever name.
  Deno.copyFileSync(a.at("large"), a.at("copy"));
  await scenario.settle();
  assertEquals(Deno.readFileSync(b.at("large")), Deno.readFileSync(a.at("large")));
});

function packsIn(data: string): string[] {
  const packs: string[] = [];
  const walk = (folder: string): void => {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      if (isDirectory) walk(`${folder}/${name}`);
      else if (name.endsWith(".pack")) packs.push(`${folder}/${name}`);
    }
  };
  walk(data);
  assert(packs.length > 0, "There are no packs");
  return packs;
}

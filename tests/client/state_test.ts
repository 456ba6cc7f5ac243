import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { intend, settleIntents } from "../../lib/client/workspace/intent.ts";
import { viewFolder } from "../../lib/client/folder/folder_view.ts";
import { WorkspaceState } from "../../lib/client/workspace/workspace_state.ts";
import type { Base } from "../../lib/client/mod.ts";
import type { SafePath } from "../../lib/core/mod.ts";
import type { LocalNode, ScanProblem, Tree } from "../../lib/sync/mod.ts";
import { diffTrees, IgnoreRules } from "../../lib/sync/mod.ts";
import { at, file } from "../metadata/store/fixtures.ts";
import { Replica } from "../support/replica.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { startServer } from "../support/test_server.ts";
import { entriesOf, treeOf } from "../support/trees.ts";

Deno.test("push() and pull() forget the chunk lists of contents that no file has any more", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url);
  await using b = await Replica.make(server.url);
  const random = new SeededRandom(1);
  const lists = (replica: Replica): number => {
    using db = new DatabaseSync(replica.at(".dfs/state.sqlite"));
    return Number(db.prepare("SELECT count(*) AS n FROM manifest").get()?.n);
  };
  for (let round = 0; round < 4; round++) {
    for (const name of ["one", "two"]) Deno.writeFileSync(a.at(name), random.bytes(700_000));
    await a.push();
    await b.pull();
    assertEquals([lists(a), lists(b)], [2, 2]);
  }
  a.remove("one");
  await a.push();
  await b.pull();
  assertEquals([lists(a), lists(b)], [1, 1]);
});

Deno.test("WorkspaceState keeps what a run set out to change, until a base is saved", () => {
  using state = WorkspaceState.open(":memory:");
  const [before, after] = [
    treeOf({ "a": file("1"), "dir/b": file("2") }),
    treeOf({ "a": file("3"), "new": file("4") }),
  ];
  assertEquals(state.loadIntents(), {});
  const intents = intend({}, { server: diffTrees(before, after), folder: diffTrees(after, before) }, {
    folder: after,
    settled: before,
  });
  assertEquals(intents.held?.get(at("a")), file("3"));
  state.saveIntents(intents);
  assertEquals(state.loadIntents(), intents);
  const base = {
    revision: 1,
    tree: after as Tree<LocalNode>,
    hashes: new Map([...after.keys()].map((path) => [path, file("").content])),
    open: new Map([[at("a"), { reason: "conflict", agreed: file("1"), here: { entry: file("2") } }]]),
  } satisfies Base;
  state.saveBase(base, { before: undefined, manifests: new Map(), agreement: "x" });
  assertEquals(state.loadIntents(), {});
  const loaded = state.loadBase()!;
  assertEquals(entriesOf(loaded.tree), entriesOf(after));
  assertEquals(loaded.open, base.open);
});

Deno.test("settleIntents() takes for known what came about of an intent, and nothing else", () => {
  const known = treeOf({ "a": file("1"), "b": file("1"), "c": file("1"), "gone": file("1"), "kept": file("1") });
  const wanted = treeOf({ "a": file("2"), "b": file("2"), "c": file("1"), "dir/new": file("2") });
  const now = treeOf({ "a": file("2"), "b": file("1"), "c": file("3"), "dir/new": file("2"), "kept": file("1") });
  const nothing = { puts: new Map(), deletes: new Set<SafePath>() };
  const intents = intend({}, { server: diffTrees(known, wanted), folder: nothing }, { folder: known, settled: known });
  const settled = settleIntents(known as Tree<LocalNode>, intents, { server: now, folder: known });
  const expected = treeOf({ "a": file("2"), "b": file("1"), "c": file("1"), "dir/new": file("2"), "kept": file("1") });
  assertEquals(entriesOf(settled), entriesOf(expected));
  assert(settleIntents(known as Tree<LocalNode>, {}, { server: now, folder: now }) === known);
});

Deno.test("settleIntents() takes what the folder held for known, where the server alone changed of what both were to", () => {
  const known = treeOf({ "mode": file("1"), "copied": file("1"), "edited": file("1"), "same": file("1") });
  const folder = treeOf({ "mode": file("1", { mode: 0o755 }), "edited": file("2"), "same": file("2") });
  const server = treeOf({ "mode": file("3"), "edited": file("3"), "same": file("2", { mode: 0o755 }) });
  const wanted = treeOf({
    "mode": file("3", { mode: 0o755 }),
    "copied": file("2"),
    "edited": file("23"),
    "same": file("2", { mode: 0o700 }),
  });
  const diffs = { server: diffTrees(server, wanted), folder: diffTrees(folder, wanted) };
  const intents = intend({}, diffs, { folder, settled: known });
  const before = settleIntents(known as Tree<LocalNode>, intents, { server, folder });
  assertEquals(entriesOf(before), entriesOf(known));
  const between = settleIntents(known as Tree<LocalNode>, intents, { server: wanted, folder });
  assertEquals(entriesOf(between), entriesOf(folder));
  const after = settleIntents(known as Tree<LocalNode>, intents, { server: wanted, folder: wanted });
  assertEquals(entriesOf(after), entriesOf(wanted));
});

Deno.test("viewFolder() has what could not be read as the server has it, with no more and no less in it", () => {
  const known = treeOf({ "closed/a": file("1"), "closed/b/c": file("1"), "secret": file("1"), "open": file("1") });
  const server = treeOf({ "closed/a": file("2"), "closed/new": file("2"), "secret": file("2"), "open": file("2") });
  const problems: ScanProblem[] = [
    { path: "closed", problem: "no", kind: "unreadable" },
    { path: "secret", problem: "no", kind: "unreadable" },
    { path: "never", problem: "no", kind: "vanished" },
  ];
  const before = known as Tree<LocalNode>;
  const view = viewFolder({
    scan: { tree: before, unread: [], problems, ignored: [], orders: new Map() },
    read: { nodes: new Map(), manifests: new Map(), problems: [] },
    before,
    server,
    ignore: IgnoreRules.of({ read: () => undefined }),
    names: { windows: false, folds: false },
  });
  const expected = treeOf({ "closed/a": file("2"), "closed/new": file("2"), "secret": file("2"), "open": file("1") });
  assertEquals(entriesOf(view.tree), entriesOf(expected));
  assert(view.truth === before);
});

Deno.test("settleIntents() still knows what came about when a later run set out for more and ended early", () => {
  const known = treeOf({ "a": file("1"), "b": file("1") });
  const first = treeOf({ "a": file("2"), "b": file("2") });
  const second = treeOf({ "a": file("3"), "b": file("3") });
  const nothing = { puts: new Map(), deletes: new Set<SafePath>() };
  const started = intend({}, { server: nothing, folder: diffTrees(known, first) }, { folder: known, settled: known });
  // The first run wrote `a` only; the second one nothing.
  const folder = treeOf({ "a": file("2"), "b": file("1") });
  const settled = settleIntents(known as Tree<LocalNode>, started, { server: first, folder });
  assertEquals(entriesOf(settled), entriesOf(folder));
  const again = intend(started, { server: nothing, folder: diffTrees(folder, second) }, { folder, settled });
  const after = settleIntents(known as Tree<LocalNode>, again, { server: second, folder });
  assertEquals(entriesOf(after), entriesOf(folder));
});

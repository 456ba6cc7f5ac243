import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { intend, settleIntent } from "../../lib/client/intent.ts";
import { completeTree } from "../../lib/client/read_local.ts";
import { WorkspaceState } from "../../lib/client/workspace_state.ts";
import type { LocalNode, ScanProblem, Tree } from "../../lib/sync/mod.ts";
import { diffTrees } from "../../lib/sync/mod.ts";
import { file } from "../metadata/store/fixtures.ts";
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
  assertEquals(state.loadIntent(), undefined);
  const intent = intend("server", diffTrees(before, after), undefined);
  state.saveIntent(intent);
  assertEquals(state.loadIntent(), intent);
  const base = {
    revision: 1,
    tree: after as Tree<LocalNode>,
    hashes: new Map([...after.keys()].map((path) => [path, file("").content])),
  };
  state.saveBase(base, { before: undefined, manifests: new Map(), agreement: "x" });
  assertEquals(state.loadIntent(), undefined);
  assertEquals(entriesOf(state.loadBase()!.tree), entriesOf(after));
});

Deno.test("settleIntent() takes for known what came about of an intent, and nothing else", () => {
  const known = treeOf({ "a": file("1"), "b": file("1"), "c": file("1"), "gone": file("1"), "kept": file("1") });
  const wanted = treeOf({ "a": file("2"), "b": file("2"), "c": file("1"), "dir/new": file("2") });
  const now = treeOf({ "a": file("2"), "b": file("1"), "c": file("3"), "dir/new": file("2"), "kept": file("1") });
  const intent = intend("server", diffTrees(known, wanted), undefined);
  const settled = settleIntent(known as Tree<LocalNode>, intent, { server: now, folder: known });
  const expected = treeOf({ "a": file("2"), "b": file("1"), "c": file("1"), "dir/new": file("2"), "kept": file("1") });
  assertEquals(entriesOf(settled), entriesOf(expected));
  assert(settleIntent(known as Tree<LocalNode>, undefined, { server: now, folder: now }) === known);
});

Deno.test("completeTree() has what could not be read as the other side has it, with no more and no less in it", () => {
  const known = treeOf({ "closed/a": file("1"), "closed/b/c": file("1"), "secret": file("1"), "open": file("1") });
  const other = treeOf({ "closed/a": file("2"), "closed/new": file("2"), "secret": file("2"), "open": file("2") });
  const problems: ScanProblem[] = [
    { path: "closed", problem: "no", kind: "unreadable" },
    { path: "secret", problem: "no", kind: "unreadable" },
    { path: "never", problem: "no", kind: "vanished" },
  ];
  const read = { nodes: new Map(), manifests: new Map(), problems: [] };
  const complete = completeTree({ tree: known as Tree<LocalNode>, unread: [], problems }, read, other);
  const expected = treeOf({ "closed/a": file("2"), "closed/new": file("2"), "secret": file("2"), "open": file("1") });
  assertEquals(entriesOf(complete), entriesOf(expected));
});

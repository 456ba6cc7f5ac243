import { assert, assertEquals } from "@std/assert";
import { Replica } from "../support/replica.ts";
import { copiesIn, Scenario, treeWithoutCopies } from "../support/scenario.ts";

Deno.test("scenario 31: ten clients commit at once, to files of their own and to one of all", async () => {
  const count = 10;
  await using scenario = await Scenario.make({ "shared": "old", "dir/kept": "1" }, count);
  for (const [index, replica] of scenario.replicas.entries()) {
    replica.write({
      [`own/${index}`]: `of ${index}`,
      "shared": `shared of ${index}`,
      [`dir/${index}`]: "x".repeat(index),
    });
  }
  scenario.note();
  const reports = await Promise.all(scenario.replicas.map((replica) => replica.sync()));
  for (const [index, { changes }] of reports.entries()) {
    assert(changes.some(({ path, side }) => path === `own/${index}` && side === "server"), `${index} does not say so`);
  }
  // The first to arrive had no conflict.
  assertEquals(reports.filter(({ conflicts }) => conflicts.length > 0).length, count - 1);
  await scenario.settle();
  const { a } = scenario;
  const own = Array.from({ length: count }, (_, index) => a.tree()[`own/${index}`]);
  assertEquals(own, Array.from({ length: count }, (_, index) => `of ${index}`));
  const shared = [treeWithoutCopies(a)["shared"]!, ...copiesIn(a)].sort();
  assertEquals(shared, Array.from({ length: count }, (_, index) => `shared of ${index}`));
});

Deno.test("scenario 31: a run whose commit another one overtakes tells of everything it did", async () => {
  await using scenario = await Scenario.make({ "f": "old", "mine": "old", "theirs": "old" });
  const { a, b } = scenario;
  await using c = await Replica.make(scenario.url);
  await c.sync();
  b.write({ "f": "of b" });
  await b.sync();
  a.write({ "f": "of a", "mine": "new" });
  Deno.utimeSync(a.at("f"), 3_000_000_000, 3_000_000_000);
  c.write({ "theirs": "of c" });
  let overtaken = false;
  const report = await a.sync({
    beforeCommit: async () => {
      if (overtaken) return;
      overtaken = true;
      await c.sync();
    },
  });
  assertEquals(report.conflicts.map(({ path, outcome }) => [path, outcome]), [["f", "local"]]);
  const [copy] = report.conflicts.map(({ copy }) => copy!);
  const told = report.changes.map(({ side, change, path }) => `${side} ${change} ${path}`);
  const expected = [`folder added ${copy}`, `server added ${copy}`, "server modified f", "server modified mine"];
  assertEquals(told.sort(), [...expected, "folder modified theirs"].sort());
  assert(report.synchronized);
  await scenario.settle();
  assertEquals(copiesIn(b), ["of b"]);
});

// Scenario 31, two clients in watch, and scenario 33: watch_test.ts.

Deno.test("scenario 32: what is ignored no more and is not here is fetched, not deleted", async () => {
  await using scenario = await Scenario.make({ "build/out": "1", "build/keep": "1", "src": "1" });
  const { a, b } = scenario;
  const ignoring = { ignore: ["build/"] };
  // It is ignored here from now on, taken away here, and changed over there.
  assertEquals((await a.sync(ignoring)).changes, []);
  a.remove("build");
  b.write({ "build/out": "2", "build/new": "2" });
  b.remove("build/keep");
  await b.sync();
  const { changes, synchronized } = await a.sync(ignoring);
  assertEquals([changes, synchronized, a.tree()], [[], true, { "src": "1" }]);
  a.write({ "build/out": "mine" });
  Deno.utimeSync(a.at("build/out"), 1000, 1000);
  assertEquals((await a.sync(ignoring)).changes, []);
  assertEquals(b.tree()["build/out"], "2");
  await scenario.settle();
  const { "src": _src, ...tree } = treeWithoutCopies(a);
  assertEquals(tree, { "build/": "", "build/new": "2", "build/out": "2" });
  assertEquals(copiesIn(b), ["mine"]);
});

Deno.test("scenario 32: a folder that is deleted elsewhere stays for what is ignored in it, and comes back nowhere", async () => {
  await using scenario = await Scenario.make({ ".dfsignore": "*.o\n", "d/f": "1", "d/deep/g": "1", "kept": "1" });
  const { a, b } = scenario;
  a.write({ "d/f.o": "object", "d/deep/g.o": "object", "only/x.o": "object" });
  assertEquals((await a.sync()).changes, []);
  b.remove("d");
  await b.sync();
  const { problems, synchronized } = await a.sync();
  assertEquals([problems, synchronized], [[], true]);
  const objects = { "d/": "", "d/deep/": "", "d/deep/g.o": "object", "d/f.o": "object", "only/": "" };
  assertEquals(a.tree(), { ".dfsignore": "*.o\n", ...objects, "kept": "1", "only/x.o": "object" });
  for (const replica of [a, b, a]) assertEquals((await replica.sync()).changes, []);
  assertEquals(b.tree(), { ".dfsignore": "*.o\n", "kept": "1" });
  a.write({ ".dfsignore": "nothing\n" });
  await scenario.settle();
  assertEquals(b.tree()["d/deep/g.o"], "object");
});

Deno.test("scenario 32: a rule that comes from the other side binds, and deletes nothing that it names", async () => {
  await using scenario = await Scenario.make({ "f.log": "old", "src": "1" });
  const { a, b } = scenario;
  a.write({ ".dfsignore": "*.log\n" });
  await a.sync();
  a.write({ "f.log": "of a", "a.log": "of a" });
  b.write({ "f.log": "of b" });
  for (const replica of [a, b, a, b]) await replica.sync();
  assertEquals(a.tree(), { ".dfsignore": "*.log\n", "a.log": "of a", "f.log": "of a", "src": "1" });
  const { "f.log": ofB, ...rest } = b.tree();
  assertEquals([ofB, rest], ["of b", { ".dfsignore": "*.log\n", "src": "1" }]);
});

/** Brings back what was, as `dfs restore` does. */
async function restore(scenario: Scenario, order: Readonly<Record<string, unknown>>): Promise<void> {
  const response = await fetch(`${scenario.url}/api/spaces/default/restore`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client: "restorer", id: crypto.randomUUID(), dry_run: false, ...order }),
  });
  const answer = await response.text();
  assert(response.ok, answer);
}

Deno.test("scenario 34: one file restored to a version, and the whole space to a revision, reach every replica", async () => {
  await using scenario = await Scenario.make({ "d/f": "1", "g": "1", "gone": "1" });
  const { a, b } = scenario;
  a.write({ "d/f": "2", "g": "2", "new": "2" });
  a.remove("gone");
  await scenario.settle();
  await restore(scenario, { path: "d/f", version: 1 });
  b.write({ "g": "of b" });
  await scenario.settle();
  assertEquals(a.tree(), { "d/": "", "d/f": "1", "g": "of b", "new": "2" });
  // An edit that nobody has seen yet is no part of what is brought back, and is not lost by it.
  b.write({ "new": "of b" });
  await restore(scenario, { all: true, at: "1" });
  await scenario.settle();
  assertEquals(a.tree(), { "d/": "", "d/f": "1", "g": "1", "gone": "1", "new": "of b" });
});

Deno.test("scenario 34: the whole space restored to a point in time, and back", async () => {
  await using scenario = await Scenario.make({ "f": "1", "gone": "1" });
  const { a, b } = scenario;
  const revisions = async (): Promise<{ committed_at: string }[]> => {
    const { revisions } = await (await fetch(`${scenario.url}/api/spaces/default/revisions?limit=10`)).json();
    return revisions;
  };
  const [{ committed_at: first } = { committed_at: "" }] = await revisions();
  a.write({ "f": "2", "new": "2" });
  a.remove("gone");
  await a.sync();
  const [{ committed_at: second } = { committed_at: "" }] = await revisions();
  await restore(scenario, { all: true, at: first });
  await scenario.settle();
  // Two commits of one millisecond are one point in time: the later one is what was then.
  const expected = first === second ? { "f": "2", "new": "2" } : { "f": "1", "gone": "1" };
  assertEquals(b.tree(), expected);
  await restore(scenario, { all: true, at: "2" });
  await scenario.settle();
  assertEquals(b.tree(), { "f": "2", "new": "2" });
});

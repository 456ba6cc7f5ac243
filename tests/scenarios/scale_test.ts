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

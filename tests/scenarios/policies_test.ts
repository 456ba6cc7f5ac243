import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  listConflicts,
  type Resolution,
  resolveConflicts,
  showConflict,
  type TransferOptions,
} from "../../lib/client/mod.ts";
import { conflictsOf, copiesIn, Scenario, treeWithoutCopies, writeAt } from "../support/scenario.ts";
import { TempFolder } from "../support/temp_folder.ts";

const merging: Pick<TransferOptions, "conflicts"> = { conflicts: { rules: [], default: "merge" } };
const lines = (...texts: readonly string[]): string => texts.map((text) => `${text}\n`).join("");

Deno.test("scenario 11: disjoint edits of a text are merged with no question", async () => {
  const texts: readonly (readonly [base: string, a: string, b: string, merged: string])[] = [
    [
      lines("1", "2", "3", "4", "5"),
      lines("1a", "2", "3", "4", "5"),
      lines("1", "2", "3", "4", "5b"),
      lines("1a", "2", "3", "4", "5b"),
    ],
    ["1\r\n2\r\n3\r\n4\r\n5", "1a\r\n2\r\n3\r\n4\r\n5", "1\r\n2\r\n3\r\n4\r\n5b", "1a\r\n2\r\n3\r\n4\r\n5b"],
    [lines("1", "2", "3"), lines("0", "1", "2", "3"), "1\n2\n3\n4", "0\n1\n2\n3\n4"],
  ];
  for (const [base, ofA, ofB, merged] of texts) {
    await using scenario = await Scenario.make({ "f.txt": base });
    const { a, b } = scenario;
    a.write({ "f.txt": ofA });
    b.write({ "f.txt": ofB });
    Deno.chmodSync(b.at("f.txt"), 0o755);
    const reports = await scenario.settle({ run: merging, merges: true });
    assertEquals(conflictsOf(reports), ["merged f.txt"]);
    assertEquals(a.tree(), { "f.txt": merged });
    assertEquals(Deno.lstatSync(a.at("f.txt")).mode! & 0o777, 0o755);
  }
});

Deno.test("scenario 11: overlapping edits, and files that are no text, are both kept", async () => {
  const cases: readonly (readonly [base: string, a: string, b: string])[] = [
    [lines("1", "2", "3"), lines("1", "2a", "3"), lines("1", "2b", "3")],
    ["\0\n1\n2\n", "\0a\n1\n2\n", "\0\n1\n2b\n"],
  ];
  for (const [base, ofA, ofB] of cases) {
    await using scenario = await Scenario.make({ "f": base });
    const { a, b } = scenario;
    a.write({ "f": ofA });
    b.write({ "f": ofB });
    const reports = await scenario.settle({ run: merging });
    // The first to arrive has the name.
    assertEquals(conflictsOf(reports), ["remote f"]);
    assertEquals([treeWithoutCopies(a), copiesIn(a)], [{ "f": ofA }, [ofB]]);
  }
});

Deno.test("scenario 11: a merge of large texts sends and fetches what is new of them, and three clients agree", async () => {
  const line = (index: number): string => `line ${index} ${"x".repeat(index % 60)}`;
  const text = Array.from({ length: 8000 }, (_, index) => line(index));
  await using scenario = await Scenario.make({ "f": lines(...text) }, 3);
  for (const [index, replica] of scenario.replicas.entries()) {
    replica.write({ "f": lines(...text.with(1000 + index * 3000, `changed by ${index}`)) });
  }
  const reports = await scenario.settle({ run: merging, merges: true });
  assertEquals(conflictsOf(reports), ["merged f", "merged f"]);
  const merged = text.with(1000, "changed by 0").with(4000, "changed by 1").with(7000, "changed by 2");
  assertEquals(scenario.tree(), { "f": lines(...merged) });
});

const byGlob: Pick<TransferOptions, "conflicts"> = {
  conflicts: {
    rules: [{ pattern: "*.md", policy: "merge" }, { pattern: "later/**", policy: "last-write-wins" }],
    default: "manual",
  },
};

/** Two replicas, all of whose files are in conflict; `a` has run, and `b` has met the conflicts. */
async function inConflict(paths: readonly string[]): Promise<Scenario> {
  const base = lines("1", "2", "3", "4", "5");
  const scenario = await Scenario.make(Object.fromEntries(paths.map((path) => [path, base])));
  for (const path of paths) {
    writeAt(scenario.a, path, base.replace("1", "1 of a"), 1000);
    writeAt(scenario.b, path, base.replace("5", "5 of b"), 2000);
  }
  scenario.note();
  await scenario.a.sync(byGlob);
  return scenario;
}

const ofA = lines("1 of a", "2", "3", "4", "5");
const ofB = lines("1", "2", "3", "4", "5 of b");

Deno.test("scenario 12: the policy of a conflict is that of the first pattern that matches", async () => {
  await using scenario = await inConflict(["d/f.md", "later/f", "f"]);
  const { a, b } = scenario;
  const { conflicts, synchronized } = await b.sync(byGlob);
  assertEquals(conflicts.map(({ path, outcome }) => `${outcome} ${path}`), [
    "merged d/f.md",
    "manual f",
    "local later/f",
  ]);
  assertEquals(synchronized, false);
  const merged = lines("1 of a", "2", "3", "4", "5 of b");
  const expected = { "d/": "", "d/f.md": merged, "later/": "", "later/f": ofB };
  assertEquals(treeWithoutCopies(b), { ...expected, "f": ofB });
  await a.sync(byGlob);
  assertEquals(treeWithoutCopies(a), { ...expected, "f": ofA });
  assertEquals([copiesIn(a), copiesIn(b)], [[ofA], [ofA]]);
});

Deno.test("scenario 12: a conflict that waits overwrites nothing, keeps nothing else waiting, and is told until decided", async () => {
  await using scenario = await inConflict(["f"]);
  const { a, b } = scenario;
  for (let run = 1; run <= 3; run++) {
    a.write({ "of a": `${run}` });
    b.write({ "of b": `${run}` });
    await a.sync(byGlob);
    const { conflicts } = await b.sync(byGlob);
    assertEquals(conflicts.map(({ path, outcome }) => [path, outcome]), [["f", "manual"]]);
    await a.sync(byGlob);
    assertEquals(a.tree(), { "f": ofA, "of a": `${run}`, "of b": `${run}` });
    assertEquals(b.tree(), { "f": ofB, "of a": `${run}`, "of b": `${run}` });
    assertEquals((await b.status()).conflicts.map(String), ["f"]);
    const shown = await b.use((workspace, remote) => showConflict(listConflicts(workspace)[0]!, workspace, remote));
    for (const line of ["-1\n", "+1 of a\n", "-5 of b\n", "+5\n"]) assertStringIncludes(shown!, line);
  }
});

const decisions: Readonly<Record<string, readonly [tree: string | undefined, copies: readonly string[]]>> = {
  "ours": [ofB, []],
  "theirs": [ofA, []],
  "both": [ofA, [ofB]],
  "merged": ["decided", []],
};

for (const [take, [text, copies]] of Object.entries(decisions)) {
  Deno.test(`scenario 12: a conflict that waits is decided: ${take}`, async () => {
    await using scenario = await inConflict(["f"]);
    const { a, b } = scenario;
    await b.sync(byGlob);
    await using file = await TempFolder.make({ "merged": "decided" });
    const resolution = take === "merged" ? { take, file: `${file.path}/merged` } as const : { take } as Resolution;
    await b.use((workspace) =>
      resolveConflicts(listConflicts(workspace), { workspace, resolution, nowMs: Date.UTC(2026, 0, 31) })
    );
    await scenario.settle({ run: byGlob, order: [b, a], merges: take === "theirs" || take === "merged" });
    assertEquals([treeWithoutCopies(a), copiesIn(a)], [{ "f": text }, copies]);
    assertEquals((await b.status()).conflicts, []);
  });
}

Deno.test("scenario 12: a decision does not overwrite what changed after it was looked at", async () => {
  await using scenario = await inConflict(["f"]);
  const { a, b } = scenario;
  await b.sync(byGlob);
  a.write({ "f": "later still" });
  await a.sync(byGlob);
  await b.use((workspace) =>
    resolveConflicts(listConflicts(workspace), { workspace, resolution: { take: "ours" }, nowMs: 0 })
  );
  const { conflicts } = await b.sync(byGlob);
  assertEquals(conflicts.map(({ path, outcome }) => [path, outcome]), [["f", "manual"]]);
  assertEquals([a.tree(), b.tree()], [{ "f": "later still" }, { "f": ofB }]);
});

import { assertEquals, assertRejects } from "@std/assert";
import type { TransferOptions } from "../../lib/client/mod.ts";
import { endsAt, Interruption } from "../support/replica.ts";
import { copiesIn, Scenario, treeWithoutCopies } from "../support/scenario.ts";

/** A text whose lines can be told apart when it is merged, long enough for several chunks. */
const text = Array.from({ length: 800 }, (_, index) => `line ${index}: ${"what stands in it ".repeat(5)}`);

function textWith(changes: Readonly<Record<number, string>>): string {
  return text.map((line, index) => `${changes[index] ?? line}\n`).join("");
}

const policies: Pick<TransferOptions, "policyOf"> = {
  policyOf: (path) => path === "merged.txt" ? "merge" : "last-write-wins",
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

Deno.test("scenario 19: a two-way run that nobody interrupts comes to the same end", async () => {
  await using scenario = await entangled();
  await checkEnd(scenario);
});

import { assertEquals, assertRejects } from "@std/assert";
import { Failure } from "../../../../lib/core/mod.ts";
import type { ConflictRules } from "../../../../lib/metadata/mod.ts";
import { applyAll, file, space } from "../fixtures.ts";
import type { StoreCase } from "./case.ts";

const rules: ConflictRules = {
  rules: [{ pattern: "*.md", policy: "merge" }, { pattern: "2", policy: "keep-both" }],
  default: "manual",
};

/** What a space says about conflicts. */
export const conflictCases: readonly StoreCase[] = [
  ["setConflictRules() is told by the head, is replaced and taken back", async (store) => {
    const before = await store.head(space);
    assertEquals("conflicts" in before!, false);
    assertEquals(await store.setConflictRules(space, rules), { ...before!, conflicts: rules });
    assertEquals(await store.head(space), { ...before!, conflicts: rules });
    const other: ConflictRules = { rules: [], default: "merge" };
    assertEquals((await store.setConflictRules(space, other)).conflicts, other);
    assertEquals(await store.setConflictRules(space, { rules: [] }), before!);
    assertEquals(await store.head(space), before);
  }],
  ["setConflictRules() holds over commits, and concerns its space alone", async (store) => {
    await store.createSpace("other");
    await store.setConflictRules(space, rules);
    await applyAll(store, { puts: { "a": file("a") } }, { deletes: ["a"] });
    const heads = await store.spaces();
    assertEquals(
      heads.map(({ space, revision, conflicts }) => [space, revision, conflicts]),
      [
        [space, 2, rules],
        ["other", 0, undefined],
      ].sort() as never,
    );
  }],
  ["setConflictRules() refuses what makes no sense, and changes nothing by it", async (store) => {
    await store.setConflictRules(space, rules);
    const wrong: ConflictRules = { rules: [{ pattern: "docs/", policy: "merge" }] };
    const failure = await assertRejects(() => store.setConflictRules(space, wrong), Failure, "is no pattern");
    assertEquals(failure.kind, "usage");
    assertEquals((await store.head(space))?.conflicts, rules);
    const missing = await assertRejects(() => store.setConflictRules("none", rules), Failure, "There is no space");
    assertEquals(missing.kind, "not_found");
  }],
];

import { assert, assertEquals, assertRejects } from "@std/assert";
import { Failure } from "../../../../lib/core/mod.ts";
import { type Entry, type FileVersion, type MetadataStore } from "../../../../lib/metadata/mod.ts";
import { SeededRandom } from "../../../support/seeded_random.ts";
import { applyAll, at, directory, file, read, readEntries, space, symlink } from "../fixtures.ts";
import type { StoreCase } from "./case.ts";

/** Which versions are kept by which rule, and what is told of a past that is not whole any more. */
export const retentionCases: readonly StoreCase[] = [
  ["prune() removes nothing until a rule is set", async (store) => {
    await commitVersions(store, 4);
    assertEquals(await store.retention(space), { oldestWhole: 0 });
    assertEquals(await store.prune(space, { nowMs: 1e12 }), { versions: 0 });
    assertEquals(await versionsOf(store, "a"), [4, 3, 2, 1]);
  }],
  ["a rule is kept, replaced, and refused if it makes no sense", async (store) => {
    assertEquals(await store.setRetention(space, { keepVersions: 3 }), { keepVersions: 3, oldestWhole: 0 });
    assertEquals(await store.setRetention(space, { keepForMs: 9 }), { keepForMs: 9, oldestWhole: 0 });
    assertEquals(await store.retention(space), { keepForMs: 9, oldestWhole: 0 });
    for (const rule of [{ keepVersions: 0 }, { keepVersions: 1.5 }, { keepForMs: -1 }]) {
      assertEquals((await assertRejects(() => store.setRetention(space, rule), Failure)).kind, "usage");
    }
    assertEquals(await store.setRetention(space, {}), { oldestWhole: 0 });
    await assertRejects(() => store.setRetention("none", {}), Failure, "There is no space");
    await assertRejects(() => store.prune("none", { nowMs: 0 }), Failure, "There is no space");
  }],
  ["prune() keeps the newest versions of each path by number, a deletion counted", async (store) => {
    await commitVersions(store, 4);
    await applyAll(store, { puts: { "b": file("1") } }, { puts: { "b": file("2") } }, { deletes: ["b"] });
    await store.setRetention(space, { keepVersions: 2 });
    assertEquals(await store.prune(space, { nowMs: 0 }), { versions: 3 });
    assertEquals(await versionsOf(store, "a"), [4, 3]);
    assertEquals(await versionsOf(store, "b"), [3, 2]);
    assertEquals(await store.prune(space, { nowMs: 0 }), { versions: 0 });
  }],
  ["prune() keeps what lived within the time, counted from when it was superseded", async (store) => {
    await commitVersions(store, 4);
    await store.setRetention(space, { keepForMs: 1000 });
    assertEquals(await store.prune(space, { nowMs: 3000 }), { versions: 1 });
    assertEquals(await versionsOf(store, "a"), [4, 3, 2]);
    assertEquals(await store.prune(space, { nowMs: 1e9 }), { versions: 2 });
    assertEquals(await versionsOf(store, "a"), [4]);
  }],
  ["prune() keeps what either part of a rule keeps", async (store) => {
    await commitVersions(store, 5);
    await store.setRetention(space, { keepVersions: 4, keepForMs: 1000 });
    await store.prune(space, { nowMs: 1e9 });
    assertEquals(await versionsOf(store, "a"), [5, 4, 3, 2]);
    await store.setRetention(space, { keepVersions: 1, keepForMs: 1000 });
    await store.prune(space, { nowMs: 5000 });
    assertEquals(await versionsOf(store, "a"), [5, 4]);
  }],
  ["prune() in a dry run counts, and removes nothing", async (store) => {
    await commitVersions(store, 4);
    await store.setRetention(space, { keepVersions: 1 });
    for (let round = 0; round < 2; round++) {
      assertEquals(await store.prune(space, { nowMs: 0, dryRun: true }), { versions: 3 });
    }
    assertEquals(await versionsOf(store, "a"), [4, 3, 2, 1]);
    assertEquals((await store.retention(space)).oldestWhole, 0);
  }],
  ["entriesAt() of a state that is not whole any more says so, and names the oldest that is", async (store) => {
    await commitVersions(store, 4);
    await applyAll(store, { puts: { "b": file("b") } });
    const before = await read(store.entriesAt(space, 4));
    await store.setRetention(space, { keepVersions: 2 });
    await store.prune(space, { nowMs: 0 });
    assertEquals((await store.retention(space)).oldestWhole, 3);
    assertEquals(await readEntries(store.entriesAt(space, 3)), { "a": file("3") });
    assertEquals(await read(store.entriesAt(space, 4)), before);
    const failure = await assertRejects(() => read(store.entriesAt(space, 2)), Failure, "the oldest whole one is 3");
    assertEquals(failure.kind, "not_found");
  }],
  ["a deletion that is forgotten makes no past state incomplete", async (store) => {
    await applyAll(store, { puts: { "d": directory() } }, { deletes: ["d"] }, { puts: { "d": directory() } });
    await store.setRetention(space, { keepVersions: 1 });
    await store.prune(space, { nowMs: 0 });
    assertEquals((await store.retention(space)).oldestWhole, 2);
    assertEquals(await readEntries(store.entriesAt(space, 2)), {});
    await assertRejects(() => read(store.entriesAt(space, 1)), Failure);
  }],
  [
    "changesSince() tells the same after everything but the present was removed, but for contents of before",
    async (store) => {
      await commitVersions(store, 3);
      await applyAll(
        store,
        { puts: { "b": file("b"), "c": symlink("b") } },
        { deletes: ["b"], puts: { "d": directory() } },
        { deletes: ["a"] },
        { puts: { "d/e": file("e") } },
      );
      const before = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((since) => store.changesSince(space, since)));
      const [head, revisions] = [await store.head(space), await store.revisions(space)];
      await store.setRetention(space, { keepVersions: 1 });
      await store.prune(space, { nowMs: 0 });
      for (const [since, changes] of before.entries()) {
        const told = changes.map((change) => ({ ...change, previousContent: undefined }));
        assertEquals((await store.changesSince(space, since)).map((c) => ({ ...c, previousContent: undefined })), told);
        for (const change of await store.changesSince(space, since)) assertEquals(change.previousContent, undefined);
      }
      assertEquals([await store.head(space), await store.revisions(space)], [head, revisions]);
      const again = await applyAll(store, { puts: { "a": file("back") } });
      assertEquals((await store.history(space, at("a")))[0]!.version, 5);
      assertEquals(again.revision, head!.revision + 1);
    },
  ],
  ["files() gives every version of every file in every space, the living told from the others", async (store) => {
    await store.createSpace("other");
    await applyAll(
      store,
      { puts: { "a": file("1"), "d": directory(), "d/b": file("x"), "l": symlink("a") } },
      { puts: { "a": file("2") } },
      { deletes: ["d/b"] },
    );
    await store.commit("other", {
      ...{ id: "1", client: "c", committedAtMs: 1, baseRevision: 0, deletes: new Set(), manifests: new Map() },
      puts: new Map([[at("a"), file("1")]]),
    });
    assertEquals(
      await filesOf(store),
      [
        `${space} a v1 superseded ${file("1").content}`,
        `${space} a v2 live ${file("2").content}`,
        `${space} d/b v1 superseded ${file("x").content}`,
        `other a v1 live ${file("1").content}`,
      ].sort(),
    );
  }],
  ["files() leaves out exactly what prune() would remove then", async (store) => {
    await commitVersions(store, 5);
    await store.setRetention(space, { keepVersions: 2, keepForMs: 2000 });
    for (const keptAtMs of [0, 5500, 1e9]) {
      const kept = await filesOf(store, keptAtMs);
      assertEquals((await filesOf(store)).length, 5);
      const { versions } = await store.prune(space, { nowMs: keptAtMs, dryRun: true });
      assertEquals(kept.length, 5 - versions);
    }
    const kept = await filesOf(store, 1e9);
    await store.prune(space, { nowMs: 1e9 });
    assertEquals(await filesOf(store), kept);
  }],
  ["of random histories and rules, every state that is called whole reads as it was", async (store) => {
    const random = new SeededRandom(7);
    const states: Record<string, Entry>[] = [{}];
    const paths = ["a", "b", "c", "e", "f"];
    for (let revision = 1; revision <= 60; revision++) {
      const present = Object.keys(states.at(-1)!);
      const path = random.pick(paths);
      const deletes = present.includes(path) && random.below(3) === 0 ? [path] : [];
      const puts = deletes.length > 0 ? {} : { [path]: file(`${revision}`) };
      await applyAll(store, { puts, deletes, committedAtMs: revision * 1000 });
      states.push(await readEntries(store.entries(space)));
      if (revision % 10 > 0) continue;
      await store.setRetention(space, { keepVersions: 1 + random.below(4), keepForMs: random.below(20_000) });
      await store.prune(space, { nowMs: revision * 1000 });
      const { oldestWhole } = await store.retention(space);
      for (const [past, entries] of states.entries()) {
        if (past >= oldestWhole) assertEquals(await readEntries(store.entriesAt(space, past)), entries);
        else await assertRejects(() => read(store.entriesAt(space, past)), Failure);
      }
    }
    assert((await store.retention(space)).oldestWhole > 20);
  }],
];

/** Commits so many versions of a file, a second after one another. */
async function commitVersions(store: MetadataStore, count: number): Promise<void> {
  for (let version = 1; version <= count; version++) {
    await applyAll(store, { puts: { "a": file(`${version}`) }, committedAtMs: version * 1000 });
  }
}

async function versionsOf(store: MetadataStore, path: string): Promise<number[]> {
  return (await store.history(space, at(path))).map(({ version }) => version);
}

async function filesOf(store: MetadataStore, keptAtMs?: number): Promise<string[]> {
  const batches: (readonly FileVersion[])[] = await Array.fromAsync(store.files({ keptAtMs }));
  return batches.flat().map(({ space, path, version, live, file }) =>
    `${space} ${path} v${version} ${live ? "live" : "superseded"} ${file.content}`
  ).sort();
}

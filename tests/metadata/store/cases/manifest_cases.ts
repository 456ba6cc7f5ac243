import { assertEquals } from "@std/assert";
import { type FileEntry, Manifest, type MetadataStore } from "../../../../lib/metadata/mod.ts";
import { applyAll, at, contentOf, file, space } from "../fixtures.ts";
import type { StoreCase } from "./case.ts";

/** How long chunk lists stay that nothing names. */
export const manifestCases: readonly StoreCase[] = [
  ["pruneManifests() leaves lists alone that a version names, living or superseded", async (store) => {
    await putLarge(store, "a", "b");
    await applyAll(store, { puts: { "a": file("1") }, deletes: ["b"] });
    assertEquals(await store.pruneManifests({ nowMs: 1e9, graceMs: 0 }), { condemned: 0, removed: 0 });
    assertEquals(await store.manifest(large.content), list);
  }],
  ["pruneManifests() removes lists that nothing names any more once the grace is over", async (store) => {
    await putLarge(store, "a");
    await forget(store, "a");
    const prune = (nowMs: number, dryRun = false) => store.pruneManifests({ nowMs, graceMs: 500, dryRun });
    assertEquals(await prune(900, true), { condemned: 1, removed: 0 });
    assertEquals(await prune(1000), { condemned: 1, removed: 0 });
    assertEquals(await prune(1499), { condemned: 1, removed: 0 });
    assertEquals(await prune(1500, true), { condemned: 0, removed: 1 });
    assertEquals(await store.manifest(large.content), list);
    assertEquals(await prune(1500), { condemned: 0, removed: 1 });
    assertEquals(await store.manifest(large.content), undefined);
    assertEquals(await prune(1600), { condemned: 0, removed: 0 });
    await putLarge(store, "a");
    assertEquals(await store.manifest(large.content), list);
  }],
  ["pruneManifests() counts the grace anew where a list was named again", async (store) => {
    await putLarge(store, "a");
    await forget(store, "a");
    const prune = (nowMs: number) => store.pruneManifests({ nowMs, graceMs: 500 });
    assertEquals(await prune(1000), { condemned: 1, removed: 0 });
    await putLarge(store, "again");
    assertEquals(await prune(2000), { condemned: 0, removed: 0 });
    await forget(store, "again");
    assertEquals(await prune(2100), { condemned: 1, removed: 0 });
    assertEquals(await prune(2600), { condemned: 0, removed: 1 });
  }],
  ["pruneManifests() of no grace removes at once, and nothing that another space names", async (store) => {
    await putLarge(store, "a");
    await store.createSpace("other");
    const outcome = await store.commit("other", {
      id: "in-other",
      client: "laptop",
      committedAtMs: 1,
      baseRevision: 0,
      puts: new Map([[at("elsewhere"), large]]),
      deletes: new Set(),
      manifests: new Map([[large.content, list]]),
    });
    assertEquals(outcome.ok, true);
    await forget(store, "a");
    const other = Manifest.of([{ hash: contentOf("two"), length: 3 }, { hash: contentOf("five"), length: 4 }]);
    const puts = { "b": { ...large, content: other.contentId() } };
    await applyAll(store, { puts, manifests: new Map([[other.contentId(), other]]) });
    await forget(store, "b");
    assertEquals(await store.pruneManifests({ nowMs: 5, graceMs: 0 }), { condemned: 0, removed: 1 });
    assertEquals([await store.manifest(large.content), await store.manifest(other.contentId())], [list, undefined]);
  }],
];

/** The chunk list of a large file, and that file. */
const list = Manifest.of([{ hash: contentOf("one"), length: 3 }, { hash: contentOf("four"), length: 4 }]);
const large: FileEntry = { ...file("-"), size: 7, content: list.contentId() };

/** Commits the large file at some paths. */
async function putLarge(store: MetadataStore, ...paths: readonly string[]): Promise<void> {
  const puts = Object.fromEntries(paths.map((path) => [path, large]));
  await applyAll(store, { puts, manifests: new Map([[large.content, list]]) });
}

/** Deletes a path, with all its versions. */
async function forget(store: MetadataStore, path: string): Promise<void> {
  await applyAll(store, { deletes: [path] });
  await store.setRetention(space, { keepVersions: 1 });
  await store.prune(space, { nowMs: 0 });
}

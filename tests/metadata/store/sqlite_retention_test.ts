import { assertEquals } from "@std/assert";
import { versionsPerPage } from "../../../lib/metadata/store/sqlite_retention.ts";
import { applyAll, file, readEntries, space } from "./fixtures.ts";
import { databaseFolder, openWithSpace } from "./sqlite_fixtures.ts";

Deno.test("prune() goes through more versions than one transaction takes, of many paths and of one", async () => {
  await using folder = await databaseFolder();
  await using store = await openWithSpace(folder.path);
  const paths = Array.from({ length: versionsPerPage + 10 }, (_, index) => `${index}`);
  for (const text of ["1", "2", "3"]) {
    await applyAll(store, { puts: Object.fromEntries(paths.map((path) => [path, file(text)])) });
  }
  await store.setRetention(space, { keepVersions: 2 });
  assertEquals(await store.prune(space, { nowMs: 0, dryRun: true }), { versions: paths.length });
  assertEquals(await store.prune(space, { nowMs: 0 }), { versions: paths.length });
  let kept = 0;
  for await (const versions of store.files()) kept += versions.length;
  assertEquals(kept, 2 * paths.length);
  assertEquals(Object.keys(await readEntries(store.entriesAt(space, 2))).length, paths.length);
  assertEquals((await store.retention(space)).oldestWhole, 2);
});

Deno.test("a rule and what it left hold over closing and opening", async () => {
  await using folder = await databaseFolder();
  {
    await using store = await openWithSpace(folder.path);
    await applyAll(store, { puts: { "a": file("1") } }, { puts: { "a": file("2") } });
    await store.setRetention(space, { keepVersions: 1, keepForMs: 0 });
    await store.prune(space, { nowMs: 2e12 });
  }
  await using store = await openWithSpace(folder.path);
  assertEquals(await store.retention(space), { keepVersions: 1, keepForMs: 0, oldestWhole: 2 });
});

import { assertEquals } from "@std/assert";
import { type FileEntry, Manifest } from "../../../lib/metadata/mod.ts";
import { openSqliteDatabase } from "../../../lib/metadata/store/open_sqlite_database.ts";
import { findUnnamedLists, pruneLists } from "../../../lib/metadata/store/sqlite_manifests.ts";
import { applyAll, contentOf, file, space } from "./fixtures.ts";
import { databaseFolder, openWithSpace } from "./sqlite_fixtures.ts";

Deno.test("pruneLists() leaves lists alone that were named since they were looked for, living or superseded by now", async () => {
  await using folder = await databaseFolder();
  await using store = await openWithSpace(folder.path);
  const lists = ["live", "superseded", "unnamed"].map((name) => {
    return Manifest.of([{ hash: contentOf(name), length: 7 }, { hash: contentOf("end"), length: 3 }]);
  });
  const manifests = new Map(lists.map((list) => [list.contentId(), list]));
  const files = lists.map((list): FileEntry => ({ ...file("-"), size: 10, content: list.contentId() }));
  const puts = Object.fromEntries(files.map((entry, index) => [`${index}`, entry]));
  await applyAll(store, { puts, manifests }, { deletes: Object.keys(puts) });
  await store.setRetention(space, { keepVersions: 1 });
  await store.prune(space, { nowMs: 0 });
  await store.setRetention(space, {});

  using database = openSqliteDatabase(folder.path, { busyTimeoutMs: 1000 });
  const found = await findUnnamedLists(database, undefined);
  assertEquals([...found.contents].sort(), [...manifests.keys()].sort());
  await applyAll(store, { puts: { "x": files[0]!, "y": files[1]! }, manifests }, { puts: { "y": file("1") } });
  const pruned = database.writing(() => pruneLists(database, found.contents, { ...found, nowMs: 9, graceMs: 0 }));
  assertEquals(pruned, { condemned: 0, removed: 1 });
  assertEquals(await Promise.all([...manifests.keys()].map((content) => store.manifest(content))), [
    lists[0],
    lists[1],
    undefined,
  ]);
});

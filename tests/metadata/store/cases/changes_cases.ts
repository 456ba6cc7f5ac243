import { assertEquals } from "@std/assert";
import { applyAll, at, contentOf, directory, file, space, symlink } from "../fixtures.ts";
import type { StoreCase } from "./case.ts";

/** What changed since a revision. */
export const changesCases: readonly StoreCase[] = [
  ["changesSince() gives what is new, changed and gone, with the content that was there", async (store) => {
    await applyAll(
      store,
      { puts: { "changed": file("1"), "gone": file("2"), "link": symlink("x"), "same": file("3") } },
      { puts: { "changed": file("in between") } },
      { puts: { "changed": file("now"), "link": file("a file"), "new": file("4") }, deletes: ["gone"] },
    );
    assertEquals(await store.changesSince(space, 1), [
      { path: at("changed"), entry: file("now"), version: 3, revision: 3, previousContent: contentOf("1") },
      { path: at("gone"), entry: undefined, version: 2, revision: 3, previousContent: contentOf("2") },
      { path: at("link"), entry: file("a file"), version: 2, revision: 3, previousContent: undefined },
      { path: at("new"), entry: file("4"), version: 1, revision: 3, previousContent: undefined },
    ]);
    assertEquals((await store.changesSince(space, 2))[0]?.previousContent, contentOf("in between"));
    assertEquals(await store.changesSince(space, 3), []);
    assertEquals((await store.changesSince(space, 0)).length, 5);
  }],
  ["changesSince() lists what came and went as deleted, without a previous content", async (store) => {
    await applyAll(store, { puts: { "a": file("a") } }, { puts: { "b": file("b") } }, { deletes: ["b"] });
    assertEquals(await store.changesSince(space, 1), [
      { path: at("b"), entry: undefined, version: 2, revision: 3, previousContent: undefined },
    ]);
  }],
  ["changesSince() takes a deletion before that revision for nothing", async (store) => {
    await applyAll(store, { puts: { "a": file("a") } }, { deletes: ["a"] }, { puts: { "a": file("b") } });
    assertEquals((await store.changesSince(space, 2)).map((change) => change.previousContent), [undefined]);
    assertEquals((await store.changesSince(space, 1)).map((change) => change.previousContent), [contentOf("a")]);
  }],
  ["changesSince() sorts by directory, then by name", async (store) => {
    const puts = { "b": directory(), "b/z": file("1"), "b/c": directory(), "b/c/a": file("2"), "b-": file("3") };
    await applyAll(store, { puts });
    const paths = (await store.changesSince(space, 0)).map(({ path }) => path);
    assertEquals(paths, ["b", "b-", "b/c", "b/z", "b/c/a"].map(at));
  }],
  ["changesSince() does not list a directory because something in it changed", async (store) => {
    await applyAll(store, { puts: { "d": directory(), "d/a": file("1") } }, { puts: { "d/a": file("2") } });
    assertEquals((await store.changesSince(space, 1)).map(({ path }) => path), [at("d/a")]);
  }],
];

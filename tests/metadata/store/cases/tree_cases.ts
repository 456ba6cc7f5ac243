import { assertEquals } from "@std/assert";
import { emptyTree } from "../../../../lib/metadata/mod.ts";
import { applyAll, at, directory, file, hashOf, readEntries, refuse, space, symlink } from "../fixtures.ts";
import type { StoreCase } from "./case.ts";

const start = { puts: { "d": directory(), "d/a": file("a"), "d/s": directory(), "d/s/x": file("x"), "f": file("f") } };

function notATree(...paths: string[]): unknown {
  return { reason: "not_a_tree", paths: paths.map(at) };
}

/** What a commit must leave: a tree, with a Merkle hash at every directory. */
export const treeCases: readonly StoreCase[] = [
  ["commit() refuses entries whose directory is not there", async (store) => {
    await applyAll(store, start);
    const puts = { "n/a": file("1"), "d/n/m/a": file("2"), "d/ok": file("3") };
    assertEquals(await refuse(store, { puts }), notATree("d/n/m/a", "n/a"));
  }],
  ["commit() refuses entries inside a file or a link", async (store) => {
    await applyAll(store, start, { puts: { "l": symlink("d") } });
    assertEquals(await refuse(store, { puts: { "f/a": file("1"), "l/a": file("2") } }), notATree("f/a", "l/a"));
  }],
  ["commit() refuses to delete a directory with something left in it", async (store) => {
    await applyAll(store, start);
    assertEquals(await refuse(store, { deletes: ["d"] }), notATree("d"));
    assertEquals(await refuse(store, { deletes: ["d", "d/a"] }), notATree("d"));
    assertEquals(await refuse(store, { deletes: ["d", "d/a", "d/s"] }), notATree("d/s"));
  }],
  ["commit() refuses to delete a directory and put something into it", async (store) => {
    await applyAll(store, start);
    const refusal = await refuse(store, { deletes: ["d", "d/a", "d/s", "d/s/x"], puts: { "d/new": file("n") } });
    assertEquals(refusal, notATree("d/new"));
    const unchanged = await refuse(store, { deletes: ["d", "d/a"], puts: { "d/a": file("a") } });
    assertEquals(unchanged, notATree("d", "d/a"));
  }],
  ["commit() refuses a file in the place of a directory with something left in it", async (store) => {
    await applyAll(store, start);
    assertEquals(await refuse(store, { puts: { "d/s": file("s") } }), notATree("d/s"));
    assertEquals(await refuse(store, { puts: { "d": symlink("f") }, deletes: ["d/a"] }), notATree("d"));
  }],
  ["commit() refuses to put or delete the root", async (store) => {
    await applyAll(store, start);
    assertEquals(await refuse(store, { puts: { "": directory() } }), notATree(""));
    assertEquals(await refuse(store, { deletes: [""] }), notATree(""));
  }],
  ["commit() replaces a directory by a file and a file by a directory", async (store) => {
    await applyAll(store, start, {
      puts: { "d/s": file("was a directory"), "f": directory(), "f/in": file("in") },
      deletes: ["d/s/x"],
    });
    assertEquals(await readEntries(store.entries(space)), {
      "d": directory(),
      "d/a": file("a"),
      "d/s": file("was a directory"),
      "f": directory(),
      "f/in": file("in"),
    });
    assertEquals((await store.get(space, at("d/s")))?.version, 2);
  }],
  ["commit() deletes an empty directory", async (store) => {
    await applyAll(store, { puts: { "d": directory() } }, { deletes: ["d"] });
    assertEquals((await store.head(space))?.root, emptyTree);
  }],
  ["commit() deletes and makes again a whole tree", async (store) => {
    await applyAll(store, start, { deletes: Object.keys(start.puts) });
    assertEquals(await readEntries(store.entries(space)), {});
    const head = await store.head(space);
    assertEquals([head?.root, head?.files, head?.entries, head?.bytes], [emptyTree, 0, 0, 0]);
    await applyAll(store, start);
    assertEquals((await store.get(space, at("d/s/x")))?.version, 3);
  }],
  ["a directory keeps its version and gets a new hash when something in it changes", async (store) => {
    await applyAll(store, start);
    const before = await store.get(space, at("d"));
    await applyAll(store, { puts: { "d/s/x": file("y") } });
    const after = await store.get(space, at("d"));
    assertEquals([after?.version, after?.revision], [1, 1]);
    const entries = new Map(Object.entries({ ...start.puts, "d/s/x": file("y") }).map(([path, e]) => [at(path), e]));
    assertEquals(after?.tree, hashOf(entries, at("d")));
    assertEquals(before?.tree === after?.tree, false);
  }],
  ["a directory gets a new version and keeps its hash when its mode changes", async (store) => {
    await applyAll(store, start);
    const before = await store.get(space, at("d"));
    await applyAll(store, { puts: { "d": directory(0o700) } });
    const after = await store.get(space, at("d"));
    assertEquals([after?.version, after?.tree], [2, before!.tree]);
  }],
];

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { parentPath, rootPath, type SafePath } from "../../lib/core/mod.ts";
import {
  diffTrees,
  emptyTreeOf,
  getNode,
  type Node,
  type Tree,
  treeHashes,
  walkTree,
  withChanges,
} from "../../lib/sync/mod.ts";
import { emptyTree } from "../../lib/metadata/mod.ts";
import { anyTree, entriesOf, treeOf } from "../support/trees.ts";
import { at, directory, file, hashOf, symlink } from "../metadata/store/fixtures.ts";

const tree = treeOf({ "a/b/c": file("1"), "a/d": file("2"), "e": symlink("a"), "f": directory() });

/** What {@linkcode withChanges} takes, from what {@linkcode diffTrees} gives. */
function changesOf(before: Tree, after: Tree): [SafePath, Node | undefined][] {
  const { puts, deletes } = diffTrees(before, after);
  return [...puts, ...[...deletes].map((path): [SafePath, undefined] => [path, undefined])];
}

Deno.test("withChanges() by the difference of two trees turns the one into the other", () => {
  fc.assert(fc.property(anyTree, anyTree, (before, after) => {
    assertEquals(entriesOf(withChanges(before, changesOf(before, after))), entriesOf(after));
  }));
});

Deno.test("withChanges() gives the same whatever the order of the changes", () => {
  fc.assert(fc.property(anyTree, anyTree, fc.infiniteStream(fc.nat()), (before, after, dice) => {
    const order = new Map(changesOf(before, after).map((change) => [change, dice.next().value]));
    const changes = [...order].sort(([, a], [, b]) => a - b).map(([change]) => change);
    assertEquals(entriesOf(withChanges(before, changes)), entriesOf(after));
  }));
});

Deno.test("withChanges() leaves the tree it is given as it is", () => {
  fc.assert(fc.property(anyTree, anyTree, (before, after) => {
    const entries = structuredClone(entriesOf(before));
    const listings = [...before];
    withChanges(before, changesOf(before, after));
    assertEquals(entriesOf(before), entries);
    for (const [path, listing] of listings) assertStrictEquals(before.get(path), listing);
  }));
});

Deno.test("withChanges() shares the listings of folders in which nothing changes", () => {
  fc.assert(fc.property(anyTree, anyTree, (before, after) => {
    const changes = changesOf(before, after);
    const touched = new Set(changes.map(([path]) => parentPath(path)));
    const next = withChanges(before, changes);
    for (const [path, listing] of before) {
      if (!touched.has(path) && next.has(path) && after.has(path)) assertStrictEquals(next.get(path), listing);
    }
  }));
});

Deno.test("withChanges() takes along what lies in a folder that goes", () => {
  for (const node of [undefined, { entry: file("1") }, { entry: symlink("x") }]) {
    const { "a/b": _b, "a/b/c": _c, ...rest } = entriesOf(tree);
    const next = withChanges(tree, [[at("a/b"), node]]);
    assertEquals(entriesOf(next), node ? { ...rest, "a/b": node.entry } : rest);
  }
});

Deno.test("withChanges() leaves no listing of a folder that goes before what lies in it", () => {
  const gone: [SafePath, undefined][] = [at("a"), at("a/b"), at("a/d"), at("a/b/c")].map((path) => [path, undefined]);
  assertEquals([...withChanges(tree, gone).keys()], [rootPath, at("f")]);
});

Deno.test("withChanges() of a deletion below nothing changes nothing", () => {
  const next = withChanges(tree, [[at("none/below"), undefined], [at("e/below"), undefined]]);
  assertEquals(entriesOf(next), entriesOf(tree));
  assertStrictEquals(next.get(rootPath), tree.get(rootPath));
});

Deno.test("withChanges() puts a folder that takes the place of a file, with what lies in it", () => {
  const next = withChanges(tree, [[at("e/x"), { entry: file("1") }], [at("e"), { entry: directory() }]]);
  assertEquals(entriesOf(next), { ...entriesOf(tree), "e": directory(), "e/x": file("1") });
});

Deno.test("withChanges() of a folder's permissions keeps what lies in it", () => {
  const next = withChanges(tree, [[at("a"), { entry: directory(0o700) }]]);
  assertEquals(entriesOf(next), { ...entriesOf(tree), "a": directory(0o700) });
  assertStrictEquals(next.get(at("a")), tree.get(at("a")));
});

Deno.test("treeHashes() is the Merkle hash from scratch, for every folder", () => {
  fc.assert(fc.property(anyTree, (tree) => {
    const entries = new Map(Object.entries(entriesOf(tree)).map(([path, entry]) => [at(path), entry]));
    const hashes = treeHashes(tree);
    assertEquals([...hashes.keys()].sort(), [...tree.keys()].sort());
    for (const [path, hash] of hashes) assertEquals(hash, hashOf(entries, path));
  }));
  assertEquals(treeHashes(emptyTreeOf()).get(rootPath), emptyTree);
});

Deno.test("treeHashes() upon an earlier tree is the same as from scratch", () => {
  fc.assert(fc.property(fc.array(anyTree, { minLength: 1, maxLength: 4 }), (trees) => {
    let before = { tree: emptyTreeOf(), hashes: treeHashes(emptyTreeOf()) };
    for (const target of trees) {
      const tree = withChanges(before.tree, changesOf(before.tree, target));
      const hashes = treeHashes(tree, before);
      assertEquals(byPath(hashes), byPath(treeHashes(target)));
      before = { tree, hashes };
    }
  }));
});

function byPath(hashes: ReadonlyMap<SafePath, string>): [string, string][] {
  return [...hashes].sort(([a], [b]) => a < b ? -1 : 1);
}

Deno.test("treeHashes() believes an earlier tree of the listings that are shared", () => {
  const wrong = new Map([...treeHashes(tree).keys()].map((path) => [path, hashOf(new Map([[at("x"), directory()]]))]));
  const next = withChanges(tree, [[at("f/new"), { entry: file("1") }]]);
  const hashes = treeHashes(next, { tree, hashes: wrong });
  assertEquals(hashes.get(at("a/b")), wrong.get(at("a/b")));
  assertEquals(hashes.get(at("f")), treeHashes(next).get(at("f")));
  assert(hashes.get(rootPath) !== wrong.get(rootPath));
});

Deno.test("walkTree() gives each folder before what lies in it, and nothing twice", () => {
  fc.assert(fc.property(anyTree, (tree) => {
    const seen = new Set<SafePath>([rootPath]);
    for (const [path, node] of walkTree(tree)) {
      assert(seen.has(parentPath(path)) && !seen.has(path));
      assertStrictEquals(getNode(tree, path), node);
      seen.add(path);
    }
    assertEquals(seen.size - 1, [...tree.values()].reduce((sum, { size }) => sum + size, 0));
  }));
});

Deno.test("walkTree() of a folder gives what lies in it, and of what is none nothing", () => {
  assertEquals([...walkTree(tree, at("a"))].map(([path]) => path).sort(), ["a/b", "a/b/c", "a/d"].map(at));
  assertEquals([...walkTree(tree, at("none"))], []);
});

Deno.test("getNode() gives what lives at a path, and nothing at others or at the root", () => {
  assertEquals(getNode(tree, at("a/b/c"))?.entry, file("1"));
  for (const path of ["none", "a/none", "e/b", "a/b/c/d", ""]) assertEquals(getNode(tree, at(path)), undefined);
});

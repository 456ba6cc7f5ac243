import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  countFiles,
  deletedFiles,
  describeDiff,
  diffTrees,
  isSame,
  type Tree,
  withChanges,
} from "../../lib/sync/mod.ts";
import { anyTree, entriesOf, treeOf } from "../support/trees.ts";
import { at, directory, file, symlink } from "../metadata/store/fixtures.ts";

const before = treeOf({
  "a/f": file("1"),
  "a/g": file("2"),
  "gone/deep/f": file("3"),
  "link": symlink("x"),
  "swap": file("4"),
});

Deno.test("diffTrees() of a tree with an equal one finds nothing", () => {
  fc.assert(fc.property(anyTree, (tree) => {
    assertEquals(isSame(diffTrees(tree, treeOf(entriesOf(tree)))), true);
    assertEquals(isSame(diffTrees(tree, tree)), true);
  }));
});

Deno.test("diffTrees() finds nothing only between equal trees", () => {
  fc.assert(fc.property(anyTree, anyTree, (a, b) => {
    const equal = JSON.stringify(entriesOf(a)) === JSON.stringify(entriesOf(b));
    assertEquals(isSame(diffTrees(a, b)), equal);
  }));
});

Deno.test("diffTrees() puts what one way round it deletes the other way round", () => {
  fc.assert(fc.property(anyTree, anyTree, (a, b) => {
    const [there, back] = [diffTrees(a, b), diffTrees(b, a)];
    const [was, is] = [entriesOf(a), entriesOf(b)];
    assertEquals([...there.deletes].sort(), [...back.puts.keys()].filter((path) => !(path in is)).sort());
    assertEquals([...back.deletes].sort(), [...there.puts.keys()].filter((path) => !(path in was)).sort());
  }));
});

Deno.test("diffTrees() names everything in a folder that goes or that a file replaces", () => {
  const after = withChanges(before, [[at("gone"), undefined], [at("a"), { entry: file("5") }]]);
  const { puts, deletes } = diffTrees(before, after);
  assertEquals([...puts.keys()], [at("a")]);
  assertEquals([...deletes].sort(), ["a/f", "a/g", "gone", "gone/deep", "gone/deep/f"].map(at));
});

Deno.test("diffTrees() does not look into a listing that both trees share", () => {
  const trap = new Proxy(before.get(at("a"))!, {
    get: () => {
      throw new Error("It was looked into");
    },
  });
  const one: Tree = new Map(before).set(at("a"), trap);
  assertEquals(isSame(diffTrees(one, new Map(one))), true);
});

Deno.test("describeDiff() tells added, modified, touched and deleted apart, sorted by path", () => {
  const after = withChanges(before, [
    [at("a/f"), { entry: file("1", { mtimeMs: 5 }) }],
    [at("a/g"), { entry: file("other") }],
    [at("a/new"), { entry: file("new") }],
    [at("gone/deep"), { entry: directory(0o700) }],
    [at("link"), { entry: symlink("y") }],
    [at("swap"), { entry: directory() }],
    [at("gone/deep/f"), undefined],
  ]);
  const changes = describeDiff(diffTrees(before, after), before);
  assertEquals(changes.map(({ path, change, entry }) => [path, change, entry.kind]), [
    [at("a/f"), "touched", "file"],
    [at("a/g"), "modified", "file"],
    [at("a/new"), "added", "file"],
    [at("gone/deep"), "touched", "directory"],
    [at("gone/deep/f"), "deleted", "file"],
    [at("link"), "modified", "symlink"],
    [at("swap"), "modified", "directory"],
  ]);
});

Deno.test("deletedFiles() and countFiles() count files only", () => {
  const after = withChanges(before, [[at("gone"), undefined], [at("link"), undefined]]);
  assertEquals(deletedFiles(diffTrees(before, after), before), 1);
  assertEquals([countFiles(before), countFiles(after)], [4, 3]);
});

Deno.test("describeDiff() tells moves from additions and deletions, those that kept their name first", () => {
  const before = treeOf({ "a/x": file("1"), "a/y": file("1"), "gone": file("2"), "empty": file("") });
  const after = treeOf({ "b/y": file("1"), "c/z": file("1"), "new": file("3"), "other": file("") });
  const told = describeDiff(diffTrees(before, after), before).map((
    { path, change, from },
  ): (string | undefined)[] => [change, from, path]);
  assertEquals(told.filter(([change]) => change === "moved"), [["moved", "a/y", "b/y"], ["moved", "a/x", "c/z"]]);
  assertEquals(told.filter(([change]) => change === "deleted").map(([, , path]) => path), ["a", "empty", "gone"]);
});

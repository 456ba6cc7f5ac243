import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { goneFiles, overwrittenFiles } from "../../../lib/client/transfer/gone_files.ts";
import { diffTrees } from "../../../lib/sync/mod.ts";
import { directory, file, symlink } from "../../metadata/store/fixtures.ts";
import { anyTree, treeOf } from "../../support/trees.ts";

const before = treeOf({
  "d": directory(),
  "d/gone": file("1"),
  "d/kept": file("2"),
  "edited": file("3"),
  "x": file("4"),
});
const now = treeOf({
  "d": directory(),
  "d/kept": file("2"),
  "edited": file("33"),
  "fresh": file("5"),
  "x": symlink("y"),
});

Deno.test("goneFiles() tells the files that went away, or have other content or another kind now", () => {
  const paths = [...goneFiles(before, now)].map(({ path }) => path);
  assertEquals(paths.sort(), ["d/gone", "edited", "x"]);
  assertEquals([...goneFiles(before, before)], []);
});

Deno.test("goneFiles() of a folder that is gone tells all files that lay in it", () => {
  const paths = [...goneFiles(before, treeOf({}))].map(({ path }) => path);
  assertEquals(paths.sort(), ["d/gone", "d/kept", "edited", "x"]);
});

Deno.test("overwrittenFiles() of the changes between two trees tells what goneFiles() tells of the trees", () => {
  fc.assert(fc.property(anyTree, anyTree, (before, now) => {
    const told = (files: Iterable<{ readonly path: string }>): string[] => [...files].map(({ path }) => path).sort();
    assertEquals(told(overwrittenFiles(diffTrees(before, now), before)), told(goneFiles(before, now)));
  }));
});

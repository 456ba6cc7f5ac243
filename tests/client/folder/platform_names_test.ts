import { assertEquals, assertMatch } from "@std/assert";
import { systemClock } from "../../../lib/core/mod.ts";
import { applyChanges } from "../../../lib/client/apply/apply_changes.ts";
import { LocalDisk } from "../../../lib/client/mod.ts";
import { foldName, NameCheck } from "../../../lib/client/folder/platform_names.ts";
import type { SafePath } from "../../../lib/core/mod.ts";
import { diffTrees } from "../../../lib/sync/mod.ts";
import { at, file } from "../../metadata/store/fixtures.ts";
import { readFolder } from "../../support/local_tree.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { treeOf } from "../../support/trees.ts";

Deno.test("NameCheck lets a disk that folds names hold one of several, the one that is there first", () => {
  const server = treeOf({
    "a.txt": file("1"),
    "A.txt": file("2"),
    "dir/x": file("3"),
    "Dir/x": file("4"),
    "b": file("5"),
  });
  const problems = (here: Record<string, ReturnType<typeof file>>): string[] => {
    const check = new NameCheck({ windows: false, folds: true }, server, treeOf(here));
    return ["A.txt", "a.txt", "Dir/x", "dir/x", "b"].filter((path) => check.problemOf(at(path)) !== undefined);
  };
  assertEquals(problems({}), ["a.txt", "dir/x"]);
  assertEquals(problems({ "a.txt": file("1") }), ["A.txt", "dir/x"]);
  assertEquals(new NameCheck({ windows: false, folds: false }, server, server).problemOf(at("a.txt")), undefined);
});

Deno.test("NameCheck takes names for one that differ in how they are composed", () => {
  const [composed, decomposed] = ["caf\u00e9", "cafe\u0301"];
  const check = new NameCheck(
    { windows: false, folds: true },
    treeOf({ [composed]: file("1"), [decomposed]: file("2") }),
    treeOf({}),
  );
  assertEquals([composed, decomposed].map((name) => check.problemOf(at(name)) === undefined).sort(), [false, true]);
});

Deno.test("NameCheck says what Windows cannot hold", () => {
  const server = treeOf({ "con": file("1"), "a/b?": file("2"), "fine": file("3") });
  const check = new NameCheck({ windows: true, folds: true }, server, treeOf({}));
  assertMatch(check.problemOf(at("con"))!, /^Windows cannot hold "con": a device name$/);
  assertMatch(check.problemOf(at("a/b?"))!, /the character "\?"$/);
  assertEquals(check.problemOf(at("fine")), undefined);
});

/** A disk on which every name leads to whatever lies there under one that folds to the same. */
class FoldingDisk extends LocalDisk {
  override get foldsNames(): boolean {
    return true;
  }

  override locate(path: SafePath): string {
    let place = this.root;
    for (const name of path === "" ? [] : path.split("/")) place += `/${this.#nameIn(place, name)}`;
    return place;
  }

  #nameIn(directory: string, name: string): string {
    try {
      for (const { name: there } of Deno.readDirSync(directory)) if (foldName(there) === foldName(name)) return there;
    } catch {
      // Nothing lies there yet.
    }
    return name;
  }
}

Deno.test("applyChanges() renames a file and a folder in capitals only, on a disk that folds names", async () => {
  await using temp = await TempFolder.make({ "readme": "r", "dir/sub/f": "f" });
  Deno.mkdirSync(`${temp.path}/.dfs/staging`, { recursive: true });
  const disk = new FoldingDisk(temp.path);
  const local = await readFolder(disk, systemClock);
  const target = treeOf({ "README": file("r"), "Dir/sub/f": file("f") });
  for (const name of ["README", "Dir-sub-f"]) {
    const text = name.at(-1)!;
    disk.make(at(`.dfs/staging/${name}`), new TextEncoder().encode(text), file(text));
  }
  const applied = await applyChanges(diffTrees(local, target), {
    disk,
    local,
    stagedPath: (path) => at(`.dfs/staging/${path.replaceAll("/", "-")}`),
    linkPath: at(".dfs/staging/link"),
    now: () => Date.now(),
    mayStay: () => false,
  });
  assertEquals(applied.problems, []);
  const names = [...Deno.readDirSync(temp.path)].map(({ name }) => name).filter((name) => name !== ".dfs").sort();
  assertEquals([names, [...Deno.readDirSync(`${temp.path}/Dir/sub`)].map(({ name }) => name)], [["Dir", "README"], [
    "f",
  ]]);
});

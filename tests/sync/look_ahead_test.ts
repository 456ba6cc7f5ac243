import { assertEquals, assertStrictEquals } from "@std/assert";
import type { SafePath } from "../../lib/core/mod.ts";
import { type AheadLook, DirectoryLook, type Disk, type LocalNode, scanFolder, type Tree } from "../../lib/sync/mod.ts";
import { FakeTime } from "../events/fakes.ts";
import { at } from "../metadata/store/fixtures.ts";
import { readFolder } from "../support/local_tree.ts";
import { MemoryDisk } from "../support/memory_disk.ts";

/** A folder that is known, and the directories that its walk looks into itself. */
async function known(): Promise<{ disk: MemoryDisk; tree: Tree<LocalNode>; walked: string[] }> {
  const time = new FakeTime();
  const disk = new MemoryDisk({ clock: time });
  for (const path of ["a/b/deep", "a/file", "c/file", "top"]) disk.write(path, path);
  time.pass(60_000);
  const tree = await readFolder(disk, time);
  const walked: string[] = [];
  disk.onCall = (call, path) => void (call === "readDirectory" && walked.push(path));
  return { disk, tree, walked };
}

/** What lies in a directory now. */
function look(disk: Disk, directory: SafePath): AheadLook {
  const found = disk.readDirectory(directory).map(({ name }) => ({
    name,
    stat: disk.stat(at(`${directory}/${name}`)),
  }));
  return { look: DirectoryLook.of(found), inode: disk.stat(directory).inode };
}

/** The disk, with another thread that was quicker in some directories; `ended` says whether it was told to end. */
function ahead(disk: MemoryDisk, looks: ReadonlyMap<SafePath, AheadLook>): Disk & { ended: boolean } {
  const quick = Object.create(disk) as Disk & { ended: boolean };
  for (const method of ["readDirectory", "stat", "readLink", "open"] as const) {
    Object.defineProperty(quick, method, { value: (disk[method] as () => unknown).bind(disk) });
  }
  Object.defineProperty(quick, "keepsModes", { value: true });
  quick.ended = false;
  quick.lookAhead = () => ({
    take: (directory) => looks.get(directory),
    [Symbol.dispose]: () => void (quick.ended = true),
  });
  return quick;
}

Deno.test("scanFolder() looks into no directory that another thread looked into", async () => {
  const { disk, tree, walked } = await known();
  const quick = ahead(disk, new Map([at("a"), at("a/b")].map((path) => [path, look(disk, path)])));
  walked.length = 0;
  assertStrictEquals(scanFolder(quick, tree, {}).tree, tree);
  assertEquals(walked.toSorted(), ["", "c"]);
  assertEquals(quick.ended, true);
});

Deno.test("scanFolder() goes by what another thread found", async () => {
  const { disk, tree } = await known();
  disk.write("a/new", "new");
  disk.write("a/b/deep", "more than before");
  const looks = new Map([at("a"), at("a/b")].map((path) => [path, look(disk, path)]));
  const { unread } = scanFolder(ahead(disk, looks), tree, {});
  assertEquals(unread.map(({ path }) => path), [at("a/b/deep"), at("a/new")]);
});

Deno.test("scanFolder() looks itself where another thread came to another directory", async () => {
  const { disk, tree } = await known();
  // Through a link that took the place of "a" for a moment, say: nothing in "a" is gone.
  const elsewhere = look(disk, at("c"));
  const scan = scanFolder(ahead(disk, new Map([[at("a"), elsewhere]])), tree, {});
  assertStrictEquals(scan.tree, tree);
});

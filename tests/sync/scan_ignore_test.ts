import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Failure, type SafePath } from "../../lib/core/mod.ts";
import { emptyTreeOf, IgnoreRules, readIgnoreFile, type Scan, scanFolder, walkTree } from "../../lib/sync/mod.ts";
import { FakeTime } from "../events/fakes.ts";
import { readFolder } from "../support/local_tree.ts";
import { LocalDisk } from "../../lib/client/mod.ts";
import { MemoryDisk } from "../support/memory_disk.ts";
import { TempFolder } from "../support/temp_folder.ts";

const denied = new Deno.errors.PermissionDenied("Permission denied (os error 13)");

function diskOf(files: Readonly<Record<string, string>>): MemoryDisk {
  const disk = new MemoryDisk({ clock: new FakeTime() });
  for (const [path, text] of Object.entries(files)) disk.write(path, text);
  return disk;
}

function rulesOf(disk: MemoryDisk): IgnoreRules {
  return IgnoreRules.of({ read: (directory) => readIgnoreFile(disk, directory) });
}

/** What a scan took in, files still to be read among it. */
function taken(scan: Scan): string[] {
  const known = Array.from(walkTree(scan.tree), ([path]) => path);
  return [...known, ...scan.unread.map(({ path }) => path)].sort();
}

Deno.test("scanFolder() leaves out what is ignored, and names the topmost of it", () => {
  const disk = diskOf({
    ".dfsignore": "build/\n*.log",
    "build/deep/out": "1",
    "src/.dfsignore": "!keep.log",
    "src/keep.log": "2",
    "src/other.log": "3",
    "src/a~": "4",
    "src/a": "5",
  });
  const scan = scanFolder(disk, emptyTreeOf(), { ignore: rulesOf(disk) });
  assertEquals(taken(scan), [".dfsignore", "src", "src/.dfsignore", "src/a", "src/keep.log"]);
  assertEquals([...scan.ignored].sort(), ["build", "src/a~", "src/other.log"]);
  assertEquals(scan.problems, []);
});

Deno.test("scanFolder() without rules ignores nothing", () => {
  const disk = diskOf({ ".dfsignore": "a", a: "1", "b~": "2" });
  const scan = scanFolder(disk, emptyTreeOf(), {});
  assertEquals([taken(scan), scan.ignored], [[".dfsignore", "a", "b~"], []]);
});

Deno.test("scanFolder() neither looks at what is ignored, nor reads it, nor descends into it", () => {
  const disk = diskOf({ ".dfsignore": "secret*", "secret/a": "1", "secret.txt": "2", "bad\\name~": "3", b: "4" });
  disk.socket("secret.socket");
  const calls: string[] = [];
  disk.onCall = (operation, path) => void calls.push(`${operation} ${path}`);
  const scan = scanFolder(disk, emptyTreeOf(), { ignore: rulesOf(disk) });
  const rulesRead = ["stat .dfsignore", "open .dfsignore", "read .dfsignore", "read .dfsignore"];
  assertEquals(calls, ["readDirectory ", ...rulesRead, "stat .dfsignore", "stat b"]);
  assertEquals([[...scan.ignored].sort(), scan.problems], [
    ["bad\\name~", "secret", "secret.socket", "secret.txt"] as SafePath[],
    [],
  ]);
});

Deno.test("scanFolder() looks for rules only where they lie", () => {
  const disk = diskOf({ "a/b/c": "1", "a/d": "2" });
  const calls: string[] = [];
  disk.onCall = (operation, path) => void calls.push(`${operation} ${path}`);
  scanFolder(disk, emptyTreeOf(), { ignore: rulesOf(disk) });
  assertEquals(calls.filter((call) => call.includes(".dfsignore")), []);
});

Deno.test("scanFolder() gives the very listings from before where what is ignored is all that changed", async () => {
  const time = new FakeTime();
  const disk = new MemoryDisk({ clock: time });
  disk.write("a/b", "1");
  time.pass(60_000);
  const tree = await readFolder(disk, time);
  disk.write("a/b~", "2");
  const scan = scanFolder(disk, tree, { ignore: rulesOf(disk) });
  assertStrictEquals(scan.tree, tree);
  assertEquals(scan.ignored, ["a/b~" as SafePath]);
});

Deno.test("scanFolder() takes out of the tree what was known and is ignored now, and says so", async () => {
  const time = new FakeTime();
  const disk = new MemoryDisk({ clock: time });
  disk.write("out/b", "1");
  time.pass(60_000);
  const tree = await readFolder(disk, time);
  disk.write(".dfsignore", "out");
  const scan = scanFolder(disk, tree, { ignore: rulesOf(disk) });
  assertEquals([taken(scan), scan.ignored], [[".dfsignore"], ["out" as SafePath]]);
});

Deno.test("scanFolder() leaves a folder as it was known if its rules cannot be read", async () => {
  const time = new FakeTime();
  const disk = new MemoryDisk({ clock: time });
  disk.write("a/b", "1");
  disk.write("a/.dfsignore", "secret");
  time.pass(60_000);
  const tree = await readFolder(disk, time);
  disk.write("a/secret", "2");
  disk.write("c", "3");
  disk.onCall = (operation, path) => {
    if (operation === "open" && path === "a/.dfsignore") throw denied;
  };
  const scan = scanFolder(disk, tree, { ignore: rulesOf(disk) });
  assertEquals(taken(scan), ["a", "a/.dfsignore", "a/b", "c"]);
  assertEquals(scan.problems.map(({ path, kind }) => [path, kind]), [["a/.dfsignore", "unreadable"]]);
});

Deno.test("scanFolder() gives up if the rules of the folder itself cannot be read", () => {
  const disk = diskOf({ ".dfsignore": "a", a: "1" });
  disk.onCall = (operation) => {
    if (operation === "open") throw denied;
  };
  assertThrows(() => scanFolder(disk, emptyTreeOf(), { ignore: rulesOf(disk) }), Failure, "permission denied");
});

Deno.test("readIgnoreFile() reads regular files, long ones too, and nothing else", () => {
  const long = "a".repeat(100_000);
  const disk = diskOf({ "long/.dfsignore": long, "huge/.dfsignore": "a".repeat(1024 * 1024 + 1), file: "" });
  disk.mkdir("folder/.dfsignore");
  disk.mkdir("link");
  disk.symlink("link/.dfsignore", "../long/.dfsignore");
  assertEquals(readIgnoreFile(disk, "long" as SafePath), long);
  for (const none of ["folder", "link", "no/where", "", "file"]) {
    assertEquals(readIgnoreFile(disk, none as SafePath), undefined, none);
  }
  assertThrows(() => readIgnoreFile(disk, "huge" as SafePath), Failure, "longer than 1048576 bytes");
});

Deno.test("readIgnoreFile() follows no link on its way", async () => {
  await using temp = await TempFolder.make({ "outside/deep/.dfsignore": "*", "root/real/.dfsignore": "a" });
  await Deno.symlink(`${temp.path}/outside`, `${temp.path}/root/link`);
  await Deno.symlink("circle", `${temp.path}/root/circle`);
  const disk = new LocalDisk(`${temp.path}/root`);
  const directories = ["real", "link", "link/deep", "circle", "circle/deep"];
  const found = directories.map((directory) => readIgnoreFile(disk, directory as SafePath));
  assertEquals(found, ["a", undefined, undefined, undefined, undefined]);
});

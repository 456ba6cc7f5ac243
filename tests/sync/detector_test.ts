import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ancestors, Failure, isWithin, parentPath, rootPath, type SafePath } from "../../lib/core/mod.ts";
import { emptyTreeOf, getNode, type LocalNode, type Scan, scanFolder, type Tree } from "../../lib/sync/mod.ts";
import { FakeTime } from "../events/fakes.ts";
import { at, directory, symlink } from "../metadata/store/fixtures.ts";
import { readFolder } from "../support/local_tree.ts";
import { MemoryDisk, type MemoryDiskOptions } from "../support/memory_disk.ts";
import { entriesOf } from "../support/trees.ts";

const denied = new Deno.errors.PermissionDenied("Permission denied (os error 13)");
const ioError = Object.assign(new Error("Input/output error (os error 5)"), { code: "EIO" });

/** A folder with something of everything, and what a client knows of it a minute later. */
async function known(options: Omit<MemoryDiskOptions, "clock"> = {}) {
  const time = new FakeTime();
  const disk = new MemoryDisk({ clock: time, ...options });
  disk.write("a/b/deep", "deep");
  disk.write("a/file", "file");
  disk.write("top", "top");
  disk.mkdir("empty");
  disk.symlink("link", "a/file");
  time.pass(60_000);
  return { time, disk, tree: await readFolder(disk, time) };
}

function paths(scan: Scan): { unread: SafePath[]; problems: [string, string][] } {
  return {
    unread: scan.unread.map(({ path }) => path),
    problems: scan.problems.map(({ path, kind }) => [path, kind]),
  };
}

Deno.test("scanFolder() of a folder never seen before must read every file, and knows the rest", () => {
  const disk = new MemoryDisk({ clock: new FakeTime() });
  disk.write("b/f", "1");
  disk.write("a", "2");
  disk.symlink("l", "no/where");
  const scan = scanFolder(disk, emptyTreeOf(), {});
  assertEquals(entriesOf(scan.tree), { "b": directory(), "l": symlink("no/where") });
  assertEquals(paths(scan), { unread: [at("a"), at("b/f")], problems: [] });
  assertEquals(scan.unread.map(({ known }) => known), [undefined, undefined]);
});

Deno.test("scanFolder() gives the very listings it was given where nothing changed, and opens nothing", async () => {
  const { disk, tree } = await known();
  const opened = new Map(disk.opened);
  const scan = scanFolder(disk, tree, {});
  assertEquals(paths(scan), { unread: [], problems: [] });
  assertEquals([...scan.tree.keys()].sort(), [...tree.keys()].sort());
  for (const [path, listing] of tree) assertStrictEquals(scan.tree.get(path), listing);
  assertEquals(disk.opened, opened);
});

Deno.test("scanFolder() with checksum must read every file", async () => {
  const { disk, tree } = await known();
  assertEquals(paths(scanFolder(disk, tree, { checksum: true })).unread, ["a/b/deep", "a/file", "top"].map(at));
});

const edits: Record<string, (disk: MemoryDisk) => void> = {
  "another size": (disk) => disk.write("top", "longer"),
  "another time": (disk) => disk.utime("top", 12345),
  "the old time and size, and a newer change time": (disk) => {
    const { mtimeMs } = disk.stat(at("top"));
    disk.write("top", "pot");
    disk.utime("top", mtimeMs);
  },
};

for (const [what, edit] of Object.entries(edits)) {
  Deno.test(`scanFolder() must read a file that has ${what}`, async () => {
    const { disk, tree } = await known();
    edit(disk);
    const scan = scanFolder(disk, tree, {});
    assertEquals(paths(scan), { unread: [at("top")], problems: [] });
    assertEquals(scan.unread[0]?.known, getNode(tree, at("top"))?.entry);
    assertEquals(getNode(scan.tree, at("top")), undefined);
    assertStrictEquals(scan.tree.get(at("a")), tree.get(at("a")));
  });
}

Deno.test("scanFolder() must read a file that another took the place of, though all times are the same", async () => {
  const { disk, tree } = await known();
  const before = disk.stat(at("top"));
  disk.replace("top", "pot");
  const stat = disk.stat.bind(disk);
  disk.stat = (path) => path === "top" ? { ...before, inode: stat(path).inode } : stat(path);
  assertEquals(paths(scanFolder(disk, tree, {})).unread, [at("top")]);
});

Deno.test("scanFolder() takes what is gone for deleted", async () => {
  const { disk, tree } = await known();
  for (const path of ["a/b", "top", "link"]) disk.remove(path);
  const scan = scanFolder(disk, tree, {});
  assertEquals(paths(scan), { unread: [], problems: [] });
  assertEquals(Object.keys(entriesOf(scan.tree)), ["a", "a/file", "empty"]);
});

Deno.test("scanFolder() takes up new permissions of folders and new targets of links", async () => {
  const { disk, tree } = await known();
  disk.chmod("a", 0o700);
  disk.symlink("link", "top");
  const scan = scanFolder(disk, tree, {});
  assertEquals(getNode(scan.tree, at("a"))?.entry, directory(0o700));
  assertEquals(getNode(scan.tree, at("link"))?.entry, symlink("top"));
  assertStrictEquals(scan.tree.get(at("a")), tree.get(at("a")));
});

Deno.test("scanFolder() takes up new permissions of a file without reading it where no change time tells", async () => {
  const { disk, tree } = await known();
  const { ctimeMs } = disk.stat(at("top"));
  disk.chmod("top", 0o600);
  const stat = disk.stat.bind(disk);
  disk.stat = (path) => path === "top" ? { ...stat(path), ctimeMs } : stat(path);
  const scan = scanFolder(disk, tree, {});
  assertEquals(paths(scan), { unread: [], problems: [] });
  const node = getNode(scan.tree, at("top"));
  assert(node?.entry.kind === "file");
  assertEquals(node.entry.mode, 0o600);
});

Deno.test("scanFolder() keeps the permissions that are known where the platform has none", async () => {
  const { disk, tree } = await known({ keepsModes: false });
  assertEquals(getNode(tree, at("empty"))?.entry, directory(0o755));
  const others: Tree = new Map(tree).set(
    rootPath,
    new Map(tree.get(rootPath)).set("empty", { entry: directory(0o700) }),
  );
  const scan = scanFolder(disk, others, {});
  assertEquals(getNode(scan.tree, at("empty"))?.entry, directory(0o700));
  assertStrictEquals(scan.tree.get(rootPath), others.get(rootPath));
});

Deno.test("scanFolder() takes what changed its kind for what it is now", async () => {
  const { disk, tree } = await known();
  disk.remove("a");
  disk.symlink("a", "top");
  disk.replace("empty", "now a file");
  disk.remove("top");
  disk.mkdir("top");
  const scan = scanFolder(disk, tree, {});
  assertEquals(paths(scan), { unread: [at("empty")], problems: [] });
  assertEquals(scan.unread[0]?.known, undefined);
  assertEquals(entriesOf(scan.tree), { "a": symlink("top"), "link": symlink("a/file"), "top": directory() });
});

Deno.test("scanFolder() never looks behind a symbolic link", async () => {
  const { disk, tree } = await known();
  disk.symlink("loop", ".");
  const calls: string[] = [];
  disk.onCall = (call, path) => void calls.push(`${call} ${path}`);
  scanFolder(disk, tree, {});
  assertEquals(calls.filter((call) => call.includes("loop") || call.includes("link")).sort(), [
    "readLink link",
    "readLink loop",
    "stat link",
    "stat loop",
  ]);
});

const keeping: Record<string, { spoil: (disk: MemoryDisk) => void; problems: [string, string][] }> = {
  "a folder that cannot be listed": {
    spoil: (disk) => disk.fail("readDirectory", "a", denied),
    problems: [["a", "unreadable"]],
  },
  "a folder that fails with an error of the disk": {
    spoil: (disk) => disk.fail("readDirectory", "a", ioError),
    problems: [["a", "unreadable"]],
  },
  "a folder that cannot be looked at": {
    spoil: (disk) => {
      disk.fail("stat", "a", denied);
      disk.fail("readDirectory", "a", denied);
    },
    problems: [["a", "unreadable"]],
  },
  "a file that cannot be looked at": {
    spoil: (disk) => disk.fail("stat", "a/file", denied),
    problems: [["a/file", "unreadable"]],
  },
  "a link that cannot be read": {
    spoil: (disk) => disk.fail("readLink", "link", ioError),
    problems: [["link", "unreadable"]],
  },
  "a file that goes while the folder is walked": {
    spoil: (disk) => disk.onCall = (call, path) => void (call === "stat" && path === "top" && disk.remove("top")),
    problems: [["top", "vanished"]],
  },
  "a folder that goes before it is looked at": {
    spoil: (disk) => disk.onCall = (call, path) => void (call === "stat" && path === "a" && disk.remove("a")),
    problems: [["a", "vanished"]],
  },
  "a folder that goes before it is listed": {
    spoil: (disk) => disk.onCall = (call, path) => void (call === "readDirectory" && path === "a" && disk.remove("a")),
    problems: [["a", "vanished"]],
  },
  "a folder that a file replaces before it is listed": {
    spoil: (disk) =>
      disk.onCall = (call, path) => void (call === "readDirectory" && path === "a" && disk.replace("a", "file")),
    problems: [["a", "unreadable"]],
  },
  "a disk that goes while it is walked": {
    spoil: (disk) =>
      disk.onCall = (call, path) => {
        if (call !== "readDirectory" || path !== "") throw new Deno.errors.NotFound("No such file or directory");
      },
    problems: [["a", "vanished"], ["top", "vanished"], ["empty", "vanished"], ["link", "vanished"]],
  },
  "a file that a socket replaced": {
    spoil: (disk) => disk.socket("top"),
    problems: [["top", "unsupported"]],
  },
  "a folder that a socket replaced": {
    spoil: (disk) => {
      disk.remove("a");
      disk.socket("a");
    },
    problems: [["a", "unsupported"]],
  },
  "a file whose time no clock can show": {
    spoil: (disk) => disk.utime("top", NaN),
    problems: [["top", "unsupported"]],
  },
  "a file whose time is too far off to be stored": {
    spoil: (disk) => disk.utime("top", -(2 ** 52) - 1),
    problems: [["top", "unsupported"]],
  },
};

for (const [what, { spoil, problems }] of Object.entries(keeping)) {
  Deno.test(`scanFolder() keeps and reports ${what}`, async () => {
    const { disk, tree } = await known();
    spoil(disk);
    const scan = scanFolder(disk, tree, {});
    assertEquals(paths(scan).problems.sort(), problems.sort());
    assertEquals(scan.unread, []);
    assertEquals(entriesOf(scan.tree), entriesOf(tree));
  });
}

Deno.test("scanFolder() of a folder that cannot be listed takes up what changed beside it", async () => {
  const { disk, tree } = await known();
  disk.fail("readDirectory", "a/b", denied);
  disk.write("a/file", "changed");
  disk.remove("top");
  const scan = scanFolder(disk, tree, {});
  assertEquals(paths(scan), { unread: [at("a/file")], problems: [["a/b", "unreadable"]] });
  assertEquals(Object.keys(entriesOf(scan.tree)), ["a", "a/b", "a/b/deep", "empty", "link"]);
});

Deno.test("scanFolder() fails if the folder itself cannot be read", async () => {
  for (const cause of [denied, ioError, new Deno.errors.NotFound("gone")]) {
    const { disk, tree } = await known();
    disk.fail("readDirectory", "", cause);
    assertThrows(() => scanFolder(disk, tree, {}), Failure, '"/memory/"');
  }
});

Deno.test("scanFolder() reports what it cannot store, and goes on", () => {
  const disk = new MemoryDisk({ clock: new FakeTime() });
  const long = "x".repeat(256);
  for (const name of ["back\\slash", long, "fine"]) disk.write(name, "1");
  disk.socket("socket");
  disk.readDirectory = ((read) => (path) => {
    const lossy = { name: "caf\ufffd", isFile: true, isDirectory: false, isSymlink: false };
    return [...read(path), ...path === "" ? [lossy] : []];
  })(disk.readDirectory.bind(disk));
  const scan = scanFolder(disk, emptyTreeOf(), {});
  assertEquals(paths(scan).unread, [at("fine")]);
  assertEquals(scan.problems.map(({ path, problem }) => [path, problem]), [
    ["back\\slash", "A backslash cannot be stored"],
    [long, "A name longer than 255 bytes cannot be stored"],
    ["socket", "It is no file, folder or symbolic link"],
    ["caf\ufffd", "A name that is not Unicode cannot be stored"],
  ]);
});

Deno.test("scanFolder() stores a name that holds the replacement character itself", () => {
  const disk = new MemoryDisk({ clock: new FakeTime() });
  disk.write("caf\ufffd", "1");
  assertEquals(paths(scanFolder(disk, emptyTreeOf(), {})), { unread: [at("caf\ufffd")], problems: [] });
});

Deno.test("scanFolder() passes over dfs's own files in every folder", () => {
  const disk = new MemoryDisk({ clock: new FakeTime() });
  for (const path of [".dfs/state.sqlite", "a/.dfs/staging/x", "a/.dfs-staged-x", ".dfs-staged-1", ".dfsx", "a/dfs"]) {
    disk.write(path, "1");
  }
  const scan = scanFolder(disk, emptyTreeOf(), {});
  assertEquals(paths(scan), { unread: [at(".dfsx"), at("a/dfs")], problems: [] });
  assertEquals(Object.keys(entriesOf(scan.tree)), ["a"]);
});

Deno.test("scanFolder() takes any name that POSIX systems have", () => {
  const disk = new MemoryDisk({ clock: new FakeTime() });
  const names = ["\t\r\n", "-rf", "...", "a:b", "CON", "trailing. ", "\u{1f600}", "e\u0301", "\u00e9", "x".repeat(255)];
  for (const name of names) disk.write(name, "1");
  assertEquals(paths(scanFolder(disk, emptyTreeOf(), {})), { unread: names.map(at).sort(), problems: [] });
});

Deno.test("scanFolder() of changed directories alone finds what a walk over everything finds", () => {
  const anyName = fc.constantFrom("a", "b", "c");
  const anyPath = fc.array(anyName, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
  const anyEdit = fc.tuple(fc.constantFrom("write", "remove", "mkdir", "symlink", "chmod"), anyPath);
  fc.assert(
    fc.property(fc.array(anyEdit, { maxLength: 8 }), fc.array(anyEdit, { maxLength: 6 }), (before, after) => {
      const time = new FakeTime();
      const disk = new MemoryDisk({ clock: time });
      const changed = new Set<SafePath>();
      let known: Tree<LocalNode> = emptyTreeOf();
      const apply = ([kind, path]: readonly [string, string]): void => {
        time.pass(5000);
        const above = ancestors(at(path));
        const exists = (one: string): boolean => {
          try {
            disk.stat(at(one));
            return true;
          } catch {
            return false;
          }
        };
        const blocked = above.some((one) => exists(one) && disk.stat(one).kind !== "directory");
        if (blocked || (kind === "chmod" && !exists(path)) || (kind === "mkdir" && exists(path))) return;
        if (kind === "remove" || kind === "symlink") disk.remove(path);
        if (kind === "symlink") disk.symlink(path, "x");
        if (kind === "mkdir") disk.mkdir(path);
        if (kind === "chmod") disk.chmod(path, 0o700);
        if (kind === "write") {
          if (exists(path) && disk.stat(at(path)).kind !== "file") disk.remove(path);
          disk.write(path, `${time.now()}`);
        }
        // A watcher tells of the path, of folders made on the way to it, and of all that goes with it.
        for (const one of [at(path), ...above]) changed.add(parentPath(one));
        changed.add(at(path));
        for (const directory of known.keys()) if (isWithin(directory, at(path))) changed.add(directory);
      };
      before.forEach(apply);
      known = scanFolder(disk, known, {}).tree;
      changed.clear();
      after.forEach(apply);
      const [whole, part] = [scanFolder(disk, known, {}), scanFolder(disk, known, { changed })];
      assertEquals(entriesOf(part.tree), entriesOf(whole.tree));
      const unread = (one: Scan): SafePath[] => one.unread.map(({ path }) => path);
      // What never was read is looked at only where something changed.
      assertEquals(unread(part), unread(whole).filter((path) => unread(part).includes(path)));
      for (const path of unread(whole)) assert(unread(part).includes(path) || !changed.has(parentPath(path)));
    }),
    { numRuns: 500 },
  );
});

/**
 * What ignoring costs a walk over 17,000 files whose stats are in memory: `deno bench --allow-all bench/ignore_bench.ts`.
 *
 * @module
 */
import { baseName, joinPath, parentPath, rootPath, type SafePath, sha256 } from "../lib/core/mod.ts";
import type { Entry } from "../lib/metadata/mod.ts";
import {
  type Disk,
  type DiskName,
  emptyTreeOf,
  IgnoreRules,
  type LocalNode,
  scanFolder,
  type Tree,
} from "../lib/sync/mod.ts";

const foldersCount = 1_700;
const filesPerFolder = 9;

/** A folder whose every answer is ready, so that what is measured is the scan. */
function memoryFolder(): { readonly disk: Disk; readonly known: Tree<LocalNode> } {
  const names = new Map<SafePath, DiskName[]>([[rootPath, []]]);
  const add = (path: SafePath, isDirectory: boolean): void => {
    names.get(parentPath(path))!.push({ name: baseName(path), isFile: !isDirectory, isDirectory, isSymlink: false });
    if (isDirectory) names.set(path, []);
  };
  for (let index = 0; index < foldersCount; index++) {
    const above = index < 100 ? rootPath : `package-${index % 100}` as SafePath;
    const directory = joinPath(above, `package-${index}`);
    add(directory, true);
    for (let file = 0; file < filesPerFolder; file++) add(joinPath(directory, `component_${file}.test.tsx`), false);
  }
  const stat = { size: 1, mode: 0o644, mtimeMs: 1, ctimeMs: 1, inode: 1 };
  const disk: Disk = {
    root: "/bench",
    keepsModes: true,
    readDirectory: (directory) => names.get(directory)!,
    stat: (path) => ({ ...stat, kind: names.has(path) ? "directory" : "file" }),
    readLink: () => "",
    open: () => {
      throw new TypeError("Nothing is to be read");
    },
  };
  const scan = scanFolder(disk, emptyTreeOf(), {});
  const content = sha256(new Uint8Array(1));
  const known = new Map<SafePath, Map<string, LocalNode>>();
  for (const [directory, listing] of scan.tree) known.set(directory, new Map(listing));
  for (const { path } of scan.unread) {
    const entry: Entry = { kind: "file", mode: 0o644, size: 1, mtimeMs: 1, content };
    known.get(parentPath(path))!.set(baseName(path), { entry, stamp: { ctimeMs: 1, inode: 1 } });
  }
  return { disk, known };
}

const { disk, known } = memoryFolder();

/** Twenty lines such as projects have. */
const usual = `node_modules/
dist/
*.log
.env
.env.*
!.env.example
coverage/
*.tsbuildinfo
/build
**/__snapshots__/
*.min.js
tmp/**
.cache/
*.o
*.py[co]
__pycache__/
/vendor/*
!/vendor/keep
*.bak
.idea/`;

const rules: Readonly<Record<string, () => IgnoreRules | undefined>> = {
  "no rules": () => undefined,
  "built-in rules": () => IgnoreRules.of({ read: () => undefined }),
  "20 lines of configuration beside them": () => IgnoreRules.of({ patterns: usual.split("\n"), read: () => undefined }),
};

for (const [name, make] of Object.entries(rules)) {
  Deno.bench({
    name,
    group: "scan",
    baseline: name === "no rules",
    fn: () => {
      const ignore = make();
      scanFolder(disk, known, ignore === undefined ? {} : { ignore });
    },
  });
}

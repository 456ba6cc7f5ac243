import { ancestors, joinPath, nameProblem, parentPath, platformFailure, rootPath, type SafePath } from "../core/mod.ts";
import type { Entry, FileEntry } from "../metadata/mod.ts";
import { DirectoryLook } from "./directory_look.ts";
import type { Disk, LookAhead } from "./disk.ts";
import type { DiskName, DiskStat } from "./disk_stat.ts";
import { ignoreFileName, type IgnoreRules } from "./ignore/mod.ts";
import { isReservedName, stagedPrefix, stateDirectoryName } from "./reserved_name.ts";
import type { Stamp } from "./stamp.ts";
import { bearsTime } from "./told_time.ts";
import { type Node, type Tree, walkTree } from "./tree.ts";

/** A node of a local tree: an entry, and what the platform said of it when the entry was found to be so. */
export interface LocalNode extends Node {
  /** Absent where it proves nothing: the file changed so shortly before that a further change might not show. */
  readonly stamp?: Stamp | undefined;
  /** What it was like when it was read, where that is no stamp: another stamp shows a change, the same shows nothing. */
  readonly seen?: Stamp;
}

/** A file whose content has to be read. */
export interface UnreadFile {
  /** Where it lies in the folder. */
  readonly path: SafePath;
  /** What the platform said of it during the walk; if that does not hold while it is read, it is read again. */
  readonly stat: DiskStat;
  /** What is known of it from before. */
  readonly known: FileEntry | undefined;
  /** Another file that it may be a later version of, of which nothing follows but where to look for its chunks. */
  readonly similar?: FileEntry;
}

/** Something that cannot be taken into the tree. What was known of it stays in the tree as it was. */
export interface ScanProblem {
  /** Where it lies in the folder; it may be a path that dfs could not store. */
  readonly path: string;
  /** A sentence. */
  readonly problem: string;
  /**
   * `unreadable`: it may well be there. `unsupported`: it is there, and cannot be stored. `vanished`: it was there a
   * moment ago; the next run will see.
   */
  readonly kind: "unreadable" | "unsupported" | "vanished";
}

/** What a walk over the folder found. */
export interface Scan {
  /** Everything whose entry is known without reading content. */
  readonly tree: Tree<LocalNode>;
  /** Files that must be read to know theirs, sorted by path; not in `tree`. */
  readonly unread: readonly UnreadFile[];
  /** What could not be taken in, in the order of the walk. */
  readonly problems: readonly ScanProblem[];
  /**
   * What lies there and is ignored, in the order of the walk: of an ignored folder, the folder alone. Of all this nothing
   * is known, so that it is no deletion that it is not in `tree`.
   */
  readonly ignored: readonly SafePath[];
  /**
   * The names in each directory that holds an unread file, as the disk has them: a listing in that order is known again at a
   * glance, see `Listing.isAs`.
   */
  readonly orders: ReadonlyMap<SafePath, readonly string[]>;
}

/** Options of {@linkcode scanFolder}. */
export interface ScanOptions {
  /** Trust no stamp: read every file. */
  readonly checksum?: boolean;
  /** What to leave out, made for this walk; nothing unless given. */
  readonly ignore?: IgnoreRules;
  /** Leave symbolic links out as if they were ignored. */
  readonly skipLinks?: boolean;
  /**
   * The directories in which something may have changed since `known` was true of the folder: nothing else is looked at,
   * but for what is new in them. The whole folder unless given.
   */
  readonly changed?: ReadonlySet<SafePath> | undefined;
}

/**
 * Walks the folder and compares what the platform says of each file with what was known: a file of the same size,
 * times and inode is taken to be the same; any other must be read.
 *
 * What cannot be read is never taken for deleted: what was known of it, and of everything below it, stays in the tree.
 * What is ignored is neither looked at nor read nor descended into.
 *
 * @param disk The folder.
 * @param known The tree as it was, with the stamps of that time; where nothing changed, the scan's tree is this one.
 * @throws {Failure} if the folder itself cannot be read, or the `.dfsignore` in it.
 */
export function scanFolder(disk: Disk, known: Tree<LocalNode>, options: ScanOptions): Scan {
  using ahead = options.changed === undefined ? disk.lookAhead?.(known) : undefined;
  const scan: Walk["scan"] = { tree: new Map(), unread: [], problems: [], ignored: [], orders: new Map() };
  const walk: Walk = {
    disk,
    known,
    scan,
    checksum: options.checksum ?? false,
    ignore: options.ignore,
    skipLinks: options.skipLinks ?? false,
    ahead,
    inodes: new Map(),
  };
  if (options.changed === undefined) scanBelow(walk, rootPath);
  else rescan(walk, options.changed);
  scan.unread.sort((a, b) => a.path < b.path ? -1 : 1);
  const unchanged = scan.tree.size === known.size && scan.tree.entries().every(([path, it]) => known.get(path) === it);
  return unchanged ? { ...scan, tree: known } : scan;
}

interface Walk {
  readonly disk: Disk;
  readonly known: Tree<LocalNode>;
  readonly scan: {
    readonly tree: Tree<LocalNode>;
    readonly unread: UnreadFile[];
    readonly problems: ScanProblem[];
    readonly ignored: SafePath[];
    readonly orders: Map<SafePath, readonly string[]>;
  };
  readonly checksum: boolean;
  readonly ignore: IgnoreRules | undefined;
  readonly skipLinks: boolean;
  /** What another thread finds meanwhile. */
  readonly ahead: LookAhead | undefined;
  /** Directories that were seen, by their numbers on the disk, until they are scanned. */
  readonly inodes: Map<SafePath, number>;
}

/** Scans a directory and all below it that is not known yet. */
function scanBelow(walk: Walk, top: SafePath): void {
  const pending = [top];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    pending.push(...scanDirectory(walk, directory));
  }
}

/** Scans some directories, taking all others to be as they were known. */
function rescan(walk: Walk, changed: ReadonlySet<SafePath>): void {
  const { known, scan } = walk;
  for (const [directory, listing] of known) scan.tree.set(directory, listing);
  const scanned = new Set<SafePath>();
  // From the top down: what is gone goes with all below it, what is new is scanned with all below it.
  for (let directory of [...changed].sort((a, b) => a.length - b.length)) {
    while (!scan.tree.has(directory)) directory = parentPath(directory);
    // One that is new was scanned with the one that it lies in.
    if (scanned.has(directory) || !known.has(directory)) continue;
    scanned.add(directory);
    const before = scan.tree.get(directory)!;
    scanBelow(walk, directory);
    const after = scan.tree.get(directory);
    for (const [name, { entry }] of before) {
      if (entry.kind !== "directory" || after?.get(name)?.entry.kind === "directory") continue;
      const gone = joinPath(directory, name);
      for (const [below] of walkTree(known, gone)) scan.tree.delete(below);
      scan.tree.delete(gone);
    }
  }
}

/** Scans one directory; gives the directories in it that are not known yet. */
function scanDirectory(walk: Walk, directory: SafePath): SafePath[] {
  const { scan, known } = walk;
  const [unread, ignored, problems] = [scan.unread.length, scan.ignored.length, scan.problems.length];
  const directories = listDirectory(walk, directory);
  // Of what is as it was nothing is read; a file that has to be read is in no listing yet.
  const before = known.get(directory);
  if (before !== undefined && scan.tree.get(directory) === before && scan.unread.length === unread) return directories;
  if (directory === rootPath || scan.problems.at(-1)?.path === directory || isInside(walk, directory)) {
    return directories;
  }
  // A symbolic link took the place of a folder meanwhile: what was seen may lie anywhere.
  scan.unread.length = unread;
  scan.ignored.length = ignored;
  scan.problems.length = problems;
  scan.problems.push({ path: directory, problem: "It was replaced while the folder was read", kind: "vanished" });
  keepSubtree(walk, directory);
  return [];
}

/** Whether a directory still is the one that the walk came by, and not behind a link. */
function isInside({ disk, inodes }: Walk, directory: SafePath): boolean {
  const seen = inodes.get(directory);
  inodes.delete(directory);
  try {
    const { kind, inode } = disk.stat(directory);
    if (seen !== undefined) return kind === "directory" && inode === seen;
    return kind === "directory" && ancestors(directory).every((above) => disk.stat(above).kind === "directory");
  } catch {
    return false;
  }
}

/**
 * Tells without a look at each name that a directory is as it was.
 *
 * @returns The directories in it that are not known yet; nothing if that does not show.
 */
function passUnchanged(
  { disk, known, scan, ignore, inodes, checksum }: Walk,
  directory: SafePath,
  look: DirectoryLook,
): SafePath[] | undefined {
  const before = known.get(directory);
  if (checksum || before?.isAs?.(look, disk.keepsModes) !== true) return undefined;
  const isIgnored = ignore?.namesIn(directory);
  const directories: SafePath[] = [];
  for (let index = 0; index < look.count; index++) {
    const isDirectory = look.isDirectory(index);
    if (isIgnored?.(look.names[index]!, isDirectory)) return undefined;
    if (!isDirectory) continue;
    const path = joinPath(directory, look.names[index]!);
    inodes.set(path, look.inodeAt(index));
    if (!scan.tree.has(path)) directories.push(path);
  }
  scan.tree.set(directory, before);
  return directories;
}

function listDirectory(walk: Walk, directory: SafePath): SafePath[] {
  const { disk, known, scan, ignore } = walk;
  const before = known.get(directory);
  let found: DirectoryLook | readonly DiskName[];
  try {
    found = lookInto(walk, directory) ?? disk.readDirectory(directory);
  } catch (cause) {
    const action = `read the folder "${disk.root}/${directory}"`;
    if (directory === rootPath) throw platformFailure(action, cause);
    scan.problems.push(problemOf(directory, action, cause));
    keepSubtree(walk, directory);
    return [];
  }
  if (ignore !== undefined && !enterRules(walk, ignore, { directory, found })) return [];
  const look = found instanceof DirectoryLook ? found : undefined;
  const passed = look && passUnchanged(walk, directory, look);
  if (passed !== undefined) return passed;
  const isIgnored = ignore?.namesIn(directory);
  const names = namesOf(found);
  const listing = new Map<string, LocalNode>();
  const directories: SafePath[] = [];
  const unreadBefore = scan.unread.length;
  let same = 0;
  for (const [index, name] of names.entries()) {
    if (name.name === stateDirectoryName || name.name.startsWith(stagedPrefix)) continue;
    const path = joinPath(directory, name.name);
    if ((name.isSymlink && walk.skipLinks) || isIgnored?.(name.name, name.isDirectory)) {
      scan.ignored.push(path);
      continue;
    }
    const old = before?.get(name.name);
    const node = scanName(walk, path, { name, stat: look?.statAt(index), old });
    if (node === undefined) continue;
    listing.set(name.name, node);
    if (node === old) same++;
    if (node.entry.kind === "directory" && !scan.tree.has(path)) directories.push(path);
  }
  if (scan.unread.length > unreadBefore) scan.orders.set(directory, names.map(({ name }) => name));
  const unchanged = before !== undefined && same === before.size && same === listing.size;
  scan.tree.set(directory, unchanged ? before : listing);
  return directories;
}

/** Looks into a directory at once, unless the other thread did, and that into the very directory that the walk came by. */
function lookInto({ ahead, disk, inodes }: Walk, directory: SafePath): DirectoryLook | undefined {
  const found = ahead?.take(directory);
  if (found !== undefined && found.inode === inodes.get(directory)) return found.look;
  return disk.look?.(directory);
}

function namesOf(found: DirectoryLook | readonly DiskName[]): readonly DiskName[] {
  return found instanceof DirectoryLook ? found.entries : found;
}

/**
 * Learns what is ignored in a directory; says whether that is known. Where its rules cannot be read, everything in it is
 * left as it was: without them, what nobody is meant to see could be sent.
 */
function enterRules(
  walk: Walk,
  ignore: IgnoreRules,
  { directory, found }: { readonly directory: SafePath; readonly found: DirectoryLook | readonly DiskName[] },
): boolean {
  const mayHoldRules = !(found instanceof DirectoryLook) || found.names.includes(ignoreFileName);
  const hasRuleFile = mayHoldRules && namesOf(found).some(({ name, isFile }) => isFile && name === ignoreFileName);
  try {
    ignore.enter(directory, hasRuleFile);
    return true;
  } catch (cause) {
    const path = joinPath(directory, ignoreFileName);
    const action = `read "${walk.disk.root}/${path}"`;
    if (directory === rootPath) throw platformFailure(action, cause);
    walk.scan.problems.push(problemOf(path, action, cause));
    keepSubtree(walk, directory);
    return false;
  }
}

/** What a name stands for now: the very node from before if nothing changed, or nothing if it must be read first. */
function scanName(
  walk: Walk,
  path: SafePath,
  { name, stat: found, old }: {
    readonly name: DiskName;
    readonly stat: DiskStat | undefined;
    readonly old: LocalNode | undefined;
  },
): LocalNode | undefined {
  const { disk, scan } = walk;
  // A name that was stored before can be stored.
  const trouble = old !== undefined ? undefined : nameProblem(name.name) ??
    (isReservedName(name.name) ? "A name that dfs keeps for itself" : undefined);
  if (trouble !== undefined) {
    scan.problems.push({ path, problem: `${trouble} cannot be stored`, kind: "unsupported" });
    return undefined;
  }
  try {
    const stat = found ?? disk.stat(path);
    switch (stat.kind) {
      case "file":
        return scanFile(walk, path, stat, old);
      case "directory":
        walk.inodes.set(path, stat.inode);
        return keepOr(old, { kind: "directory", mode: modeOf(disk, stat, old, 0o755) });
      case "symlink":
        return keepOr(old, { kind: "symlink", target: disk.readLink(path) });
      case "other":
        return keep(walk, old, { path, problem: "It is no file, folder or symbolic link", kind: "unsupported" });
    }
  } catch (cause) {
    // The platform gives a name that is not Unicode with replacement characters, by which the file is not found.
    if (cause instanceof Deno.errors.NotFound && name.name.includes("\ufffd")) {
      return keep(walk, old, { path, problem: "A name that is not Unicode cannot be stored", kind: "unsupported" });
    }
    return keep(walk, old, problemOf(path, `read "${disk.root}/${path}"`, cause));
  }
}

/** Reports what is in the way of taking a path in; gives what was known of it, with everything below it. */
function keep(walk: Walk, old: LocalNode | undefined, problem: ScanProblem): LocalNode | undefined {
  walk.scan.problems.push(problem);
  if (old?.entry.kind === "directory") keepSubtree(walk, problem.path as SafePath);
  return old;
}

/**
 * A path that was listed and is not found is no deletion yet: it may be the whole disk that went away. Should it have
 * been deleted in between, the next run does not find it in the listing.
 */
function problemOf(path: SafePath, action: string, cause: unknown): ScanProblem {
  if (cause instanceof Deno.errors.NotFound) {
    return { path, problem: "It went away while the folder was read", kind: "vanished" };
  }
  return { path, problem: platformFailure(action, cause).message, kind: "unreadable" };
}

/** The farthest modification time before or after 1970 that can be stored. */
const timeMsMax: number = 2 ** 52 - 1;

function scanFile(walk: Walk, path: SafePath, stat: DiskStat, old: LocalNode | undefined): LocalNode | undefined {
  // Some file systems hold times that the platform cannot show: they come as NaN.
  if (!(Math.abs(stat.mtimeMs) <= timeMsMax)) {
    return keep(walk, old, { path, problem: "Its modification time is out of range", kind: "unsupported" });
  }
  const known = old?.entry.kind === "file" ? old.entry : undefined;
  const stamp = old?.stamp;
  const untouched = !walk.checksum && known !== undefined && stamp !== undefined && known.size === stat.size &&
    bearsTime(stat, known) && stamp.ctimeMs === stat.ctimeMs && stamp.inode === stat.inode;
  if (!untouched) {
    walk.scan.unread.push({ path, stat, known });
    return undefined;
  }
  const mode = modeOf(walk.disk, stat, old, 0o644);
  return mode === known.mode ? old : { entry: { ...known, mode }, stamp };
}

/** The node from before if it says the same, so that unchanged listings stay the same object. */
function keepOr(old: LocalNode | undefined, entry: Entry): LocalNode {
  if (old === undefined || old.entry.kind !== entry.kind) return { entry };
  if (entry.kind === "directory" && old.entry.kind === "directory" && old.entry.mode === entry.mode) return old;
  if (entry.kind === "symlink" && old.entry.kind === "symlink" && old.entry.target === entry.target) return old;
  return { entry };
}

/** The permission bits of a path; where the platform keeps none, those known, so that others' are not undone. */
export function modeOf(disk: Disk, stat: DiskStat, old: Node | undefined, fallback: number): number {
  if (disk.keepsModes) return stat.mode;
  return old !== undefined && old.entry.kind !== "symlink" ? old.entry.mode : fallback;
}

/** Takes over everything that was known below a directory that cannot be read. */
function keepSubtree(walk: Walk, directory: SafePath): void {
  const pending = [directory];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    const listing = walk.known.get(current) ?? new Map<string, LocalNode>();
    walk.scan.tree.set(current, listing);
    for (const [name, node] of listing) if (node.entry.kind === "directory") pending.push(joinPath(current, name));
  }
}

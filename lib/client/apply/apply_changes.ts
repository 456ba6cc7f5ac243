import { parentPath, platformFailure, type SafePath } from "../../core/mod.ts";
import {
  type DirectoryEntry,
  type Entry,
  type FileEntry,
  sameContent,
  sameEntry,
  sameTime,
  withTime,
} from "../../metadata/mod.ts";
import {
  bearsTime,
  getNode,
  type LocalNode,
  type ScanProblem,
  stampOfPlaced,
  toldTime,
  type Tree,
  type TreeDiff,
} from "../../sync/mod.ts";
import { type Folder, probeDisk, unlessRefused } from "../folder/mod.ts";
import { inTheWayOf } from "./in_the_way.ts";
import { isStagedAsMeant } from "./staged_marks.ts";

/** What {@linkcode applyChanges} works with. */
export interface ApplyOptions {
  readonly disk: Folder;
  /** The folder as it was scanned; what is otherwise by now is left alone. */
  readonly local: Tree<LocalNode>;
  /** Where the new content of a file is staged, marked as `marksWhileStaged` says. */
  readonly stagedPath: (path: SafePath, entry: FileEntry) => SafePath;
  /** Files that only take another place: by the new path, where each lies. None unless given. */
  readonly moves?: ReadonlyMap<SafePath, SafePath>;
  /** Where a link can be made before it takes its place, and where can be tried what the disk keeps. */
  readonly linkPath: SafePath;
  readonly now: () => number;
  /** Whether a folder that is to go holds something that is ignored here; then it stays, and nobody has to know. */
  readonly mayStay: (directory: SafePath) => boolean;
}

/** What {@linkcode applyChanges} did. */
export interface Applied {
  /** What lives at each path it changed, with the stamps to know it by; `undefined` for nothing. */
  readonly changes: Map<SafePath, LocalNode | undefined>;
  /** What was to be at paths at which the file system did not keep time or permissions. */
  readonly unkept: Map<SafePath, Entry>;
  /** What it left as it was, and what was not kept. */
  readonly problems: ScanProblem[];
}

/**
 * Changes the folder as a comparison says: everything that is new lies staged on the same disk, so each path goes from
 * the old content to the new one by a rename. Nothing that changed since the scan is touched, and no symbolic link is
 * followed on the way.
 */
export async function applyChanges(diff: TreeDiff, options: ApplyOptions): Promise<Applied> {
  const run = new Application(options);
  const puts = [...diff.puts].sort(([a], [b]) => a < b ? -1 : 1);
  const deletes = [...diff.deletes].sort().reverse();
  const inTheWay = inTheWayOf(diff, { local: options.local, foldsNames: options.disk.foldsNames ?? false });
  const moved = new Set(options.moves?.values());
  for (const path of deletes) if (inTheWay(path)) run.remove(path);
  for (const [path, { entry }] of puts) if (entry.kind === "directory") run.makeDirectory(path, entry);
  for (const [path, { entry }] of puts) if (entry.kind !== "directory") run.put(path, entry);
  for (const path of deletes) if (!inTheWay(path) && !moved.has(path)) run.remove(path);
  run.setDirectoryModes();
  await options.disk.flushDirectories(run.touched);
  return run.applied;
}

class Application {
  readonly applied: Applied = { changes: new Map(), unkept: new Map(), problems: [] };
  readonly #options: ApplyOptions;
  /** Directories that were found to be real ones, and whether they are. */
  readonly #real = new Map<SafePath, boolean>();
  /** Directories that were made just now, and so hold nothing of others. */
  readonly #made = new Set<SafePath>();
  /** Directories in which names changed. */
  readonly #touched = new Set<SafePath>();
  /** Directories in which names can be changed. */
  readonly #writable = new Set<SafePath>();
  /** Permissions to give once everything in the directories is done. */
  readonly #modes = new Map<SafePath, number>();

  constructor(options: ApplyOptions) {
    this.#options = options;
  }

  remove(path: SafePath): void {
    const { disk, local } = this.#options;
    const node = getNode(local, path);
    this.#try(path, "delete", () => {
      this.#checkParent(path);
      this.#checkUnchanged(path, node);
      const stays = node?.entry.kind === "directory" && this.#options.mayStay(path);
      if (!stays) {
        this.#makeWritable(parentPath(path));
        disk.remove(path);
        this.#forget(path);
        this.#touched.add(parentPath(path));
      }
      this.applied.changes.set(path, undefined);
    });
  }

  makeDirectory(path: SafePath, entry: Entry & { kind: "directory" }): void {
    const { disk, local } = this.#options;
    const old = getNode(local, path);
    this.#try(path, "make the folder", () => {
      this.#checkParent(path);
      if (old?.entry.kind !== "directory") {
        if (old !== undefined) this.#checkUnchanged(path, old);
        this.#makeWritable(parentPath(path));
        if (old !== undefined) disk.remove(path);
        disk.makeDirectory(path);
        this.#made.add(path);
        this.#touched.add(parentPath(path));
      }
      this.#modes.set(path, entry.mode);
      this.applied.changes.set(path, { entry });
    });
  }

  put(path: SafePath, entry: Exclude<Entry, { kind: "directory" }>): void {
    const { disk, local } = this.#options;
    const old = getNode(local, path);
    this.#try(path, "write", () => {
      this.#checkParent(path);
      this.#checkUnchanged(path, old);
      const stays = old !== undefined && entry.kind === "file" && sameContent(old.entry, entry);
      if (stays) {
        // Who may set its time may set its permissions, too, if the file system has such.
        disk.setTime(path, entry);
        if (disk.keepsModes) unlessRefused(() => disk.setMode(path, entry.mode));
      } else {
        this.#makeWritable(parentPath(path));
        if (old?.entry.kind === "directory") {
          disk.remove(path);
          this.#forget(path);
        }
        const from = this.#options.moves?.get(path);
        if (from !== undefined) this.#moveOver(from, path);
        else if (entry.kind === "file") this.#moveIn(this.#options.stagedPath(path, entry), path, entry);
        else this.#linkIn(path, entry.target);
        this.#touched.add(parentPath(path));
      }
      const node = this.#nodeAt(path, entry);
      // Nothing proves that the file did not change since it was read: its new times must not hide that.
      const proven = !stays || old.stamp !== undefined;
      this.applied.changes.set(path, proven ? node : { entry: node.entry });
    });
  }

  /** Gives directories their permissions, the deepest first: one may forbid to enter what lies in it. */
  setDirectoryModes(): void {
    const { disk } = this.#options;
    if (!disk.keepsModes) return;
    for (const [path, mode] of [...this.#modes].sort(([a], [b]) => a < b ? 1 : -1)) {
      this.#try(path, "set the permissions of", () => {
        // A link would lead the change elsewhere.
        if (disk.stat(path).kind !== "directory") throw new Error("it is not a folder any more");
        unlessRefused(() => disk.setMode(path, mode));
        const put = this.applied.changes.get(path)?.entry;
        if (put?.kind === "directory") this.#checkFolderKept(path, put);
      });
    }
  }

  /** The directories in which names changed, and that are still there. */
  get touched(): SafePath[] {
    return [...this.#touched];
  }

  /** Forgets what was known of a directory that is gone. */
  #forget(directory: SafePath): void {
    // What lay in it went before, but may be remembered as a real directory.
    if (this.#real.has(directory)) this.#real.clear();
    this.#touched.delete(directory);
    this.#modes.delete(directory);
    this.#made.delete(directory);
  }

  #moveIn(staged: SafePath, path: SafePath, entry: Entry & { kind: "file" }): void {
    const { disk } = this.#options;
    if (disk.keepsModes && !isStagedAsMeant(entry)) unlessRefused(() => disk.setMode(staged, entry.mode));
    disk.move(staged, path);
  }

  /** Lets a file of the folder take another place. */
  #moveOver(from: SafePath, path: SafePath): void {
    const { disk, local } = this.#options;
    this.#checkParent(from);
    this.#checkUnchanged(from, getNode(local, from));
    this.#makeWritable(parentPath(from));
    disk.move(from, path);
    this.#touched.add(parentPath(from));
    this.applied.changes.set(from, undefined);
  }

  #linkIn(path: SafePath, target: string): void {
    const { disk, linkPath } = this.#options;
    // A run before may have left one there.
    disk.removeAll(linkPath);
    disk.makeLink(linkPath, target);
    disk.move(linkPath, path);
  }

  /** What lives at a path that was just written. */
  #nodeAt(path: SafePath, entry: Entry): LocalNode {
    if (entry.kind !== "file") return { entry };
    const now = this.#options.now();
    const stat = this.#options.disk.stat(path);
    const mode = this.#options.disk.keepsModes ? stat.mode : entry.mode;
    const kept = this.#checkKept(path, entry, withTime({ ...entry, mode }, toldTime(stat, entry)));
    return { entry: kept, stamp: stampOfPlaced(stat, now) };
  }

  /** Reports what the file system did not keep of a file that was just written; gives what it is there. */
  #checkKept(path: SafePath, meant: FileEntry, kept: FileEntry): Entry {
    if (sameEntry(meant, kept)) return meant;
    if (this.#isLost(meant, kept)) this.applied.unkept.set(path, meant);
    this.#tellLost(path, meant.mode === kept.mode ? "modification time" : "permissions");
    return kept;
  }

  /** Reports what the file system did not keep of the permissions of a folder. */
  #checkFolderKept(path: SafePath, meant: DirectoryEntry): void {
    const kept = { ...meant, mode: this.#options.disk.stat(path).mode };
    // What somebody changed meanwhile is a change like any other.
    if (sameEntry(meant, kept) || !this.#isLost(meant, kept)) return;
    this.applied.unkept.set(path, meant);
    this.applied.changes.set(path, { entry: kept });
    this.#tellLost(path, "permissions");
  }

  /** Whether it was the file system that did not keep what was set, and nobody else who set it otherwise. */
  #isLost(meant: FileEntry | DirectoryEntry, kept: FileEntry | DirectoryEntry): boolean {
    const { disk, linkPath } = this.#options;
    const probe = probeDisk(disk, linkPath, meant);
    if (meant.mode !== kept.mode && probe.mode === meant.mode) return false;
    if (meant.kind !== "file" || kept.kind !== "file" || sameTime(meant, kept)) return true;
    return !bearsTime(probe, meant);
  }

  #tellLost(path: SafePath, what: string): void {
    this.applied.problems.push({ path, problem: `The file system did not keep its ${what}`, kind: "unsupported" });
  }

  /** Makes sure that the folder a path lies in is a real one, and so is every folder above it. */
  #checkParent(path: SafePath): void {
    if (!this.#isRealDirectory(parentPath(path))) throw new Error("a folder above it is not a folder any more");
  }

  #isRealDirectory(path: SafePath): boolean {
    if (path === "") return true;
    let real = this.#real.get(path);
    if (real === undefined) {
      real = this.#isRealDirectory(parentPath(path)) && this.#options.disk.stat(path).kind === "directory";
      this.#real.set(path, real);
    }
    return real;
  }

  /** Makes sure that a path still is what the scan saw; if not, somebody is at work there, and it is left alone. */
  #checkUnchanged(path: SafePath, node: LocalNode | undefined): void {
    const same = node === undefined ? !this.#exists(path) : isSame(node, path, this.#options.disk);
    if (!same) throw new Error("it changed while dfs was at work");
  }

  /** Whether something is at a path. A look that fails costs many times one that does not, so new folders are spared it. */
  #exists(path: SafePath): boolean {
    if (this.#made.has(parentPath(path))) return false;
    try {
      this.#options.disk.stat(path);
      return true;
    } catch {
      // If anything but absence is the reason, what comes next fails, too.
      return false;
    }
  }

  /** Makes sure that names can be changed in a directory; its permissions are given back at the end. */
  #makeWritable(directory: SafePath): void {
    const { disk, local } = this.#options;
    if (!disk.keepsModes || this.#writable.has(directory)) return;
    this.#writable.add(directory);
    const entry = getNode(local, directory)?.entry;
    if (entry?.kind !== "directory" || (entry.mode & 0o300) === 0o300) return;
    disk.setMode(directory, entry.mode | 0o700);
    if (!this.#modes.has(directory)) this.#modes.set(directory, entry.mode);
  }

  #try(path: SafePath, action: string, step: () => void): void {
    try {
      step();
    } catch (cause) {
      const failure = platformFailure(`${action} "${this.#options.disk.locate(path)}"`, cause);
      if (failure.kind === "no_space") throw failure;
      this.applied.problems.push({ path, problem: failure.message, kind: "unreadable" });
    }
  }
}

function isSame({ entry, seen, stamp = seen }: LocalNode, path: SafePath, disk: Folder): boolean {
  const stat = disk.stat(path);
  if (stat.kind !== entry.kind) return false;
  if (entry.kind === "symlink") return disk.readLink(path) === entry.target;
  if (entry.kind === "directory") return true;
  return stat.size === entry.size && bearsTime(stat, entry) &&
    (stamp === undefined || (stamp.ctimeMs === stat.ctimeMs && stamp.inode === stat.inode));
}

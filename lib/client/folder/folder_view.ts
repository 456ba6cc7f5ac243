import { ancestors, type Hash, isWithin, rootPath, type SafePath } from "../../core/mod.ts";
import { type Entry, sameContent, sameEntry, sameTime, withTime } from "../../metadata/mod.ts";
import {
  diffTrees,
  getNode,
  type HashedTree,
  type IgnoreRules,
  inOrder,
  isSame,
  type LocalNode,
  type Node,
  type Scan,
  type ScanProblem,
  type Tree,
  treeHashes,
  walkTree,
  withChanges,
} from "../../sync/mod.ts";
import type { Base, OpenReason } from "../workspace/mod.ts";
import { NameCheck, type NameRules } from "./platform_names.ts";
import type { LocalRead } from "./read_local.ts";

/** A folder as one run has to do with it. */
export interface FolderView {
  /** The folder as it is, as far as it could be looked at; what could not is as it was. */
  readonly truth: Tree<LocalNode>;
  /**
   * The folder with the server's in the place of whatever this run leaves aside: a comparison with the server finds no
   * difference there, so nothing is deleted, overwritten or sent.
   */
  readonly tree: Tree<LocalNode>;
  /** What is left aside, and why. */
  readonly aside: ReadonlyMap<SafePath, OpenReason>;
  /** What is to be at a path, where the disk does not keep its time or its permissions; so it is in `tree`, too. */
  readonly meant: ReadonlyMap<SafePath, Entry>;
  /** What is left aside against the user's will. */
  readonly problems: readonly ScanProblem[];
}

/** What {@linkcode viewFolder} works with. */
export interface ViewOptions {
  /** What a walk over the folder found. */
  readonly scan: Scan;
  /** What reading the files brought that the walk could not know. */
  readonly read: LocalRead;
  /** The folder as it was when it was last looked at. */
  readonly before: Tree<LocalNode>;
  /** Where the folder and its space were not alike; nowhere unless told. */
  readonly open?: Base["open"] | undefined;
  /** The server's space. */
  readonly server: Tree;
  /** What is ignored here. */
  readonly ignore: IgnoreRules;
  /** Whether symbolic links are left alone. */
  readonly skipLinks?: boolean;
  /** Which names this folder's disk can hold. */
  readonly names: NameRules;
}

/** Puts together what a scan and reading found, and leaves aside what this run must not touch. */
export function viewFolder(options: ViewOptions): FolderView {
  const truth = foundTree(options);
  const found = [...options.scan.problems, ...options.read.problems];
  const view = new View(truth, options);
  view.restoreUnkept();
  for (const { path, kind } of found) if (kind !== "unsupported") view.leave(path as SafePath);
  view.leaveForeign();
  return { truth, ...view.finish(found) };
}

/** What a scan and reading found. A file that could not be read is as it was. */
function foundTree({ scan, read, before }: ViewOptions): Tree<LocalNode> {
  const unread = read.problems.map(({ path }) => [path as SafePath, getNode(before, path as SafePath)] as const);
  if (read.nodes.size + unread.length === 0) return scan.tree;
  return inOrder(withChanges(scan.tree, [...read.nodes, ...unread]), scan.orders);
}

class View {
  readonly #truth: Tree<LocalNode>;
  readonly #options: ViewOptions;
  readonly #changes = new Map<SafePath, Node | undefined>();
  readonly #aside = new Map<SafePath, OpenReason>();
  readonly #meant = new Map<SafePath, Entry>();
  readonly #problems: ScanProblem[] = [];

  constructor(truth: Tree<LocalNode>, options: ViewOptions) {
    this.#truth = truth;
    this.#options = options;
  }

  /** Puts time and permissions that the disk did not keep in the place of those that it gave, where these still stand. */
  restoreUnkept(): void {
    for (const [path, { reason, agreed, here }] of this.#options.open ?? []) {
      const now = getNode(this.#truth, path)?.entry;
      if (reason !== "unkept" || now === undefined || agreed === undefined || here === undefined) continue;
      const entry = withUnkept(now, { meant: agreed, kept: here.entry });
      if (sameEntry(entry, now)) continue;
      this.#changes.set(path, { entry });
      this.#meant.set(path, entry);
    }
  }

  /** Leaves a path aside with everything below it, on both sides. */
  leave(path: SafePath): void {
    for (const [below] of walkTree(this.#truth, path)) this.#put(below, "left");
    for (const [below] of walkTree(this.#options.server, path)) this.#put(below, "left");
    this.#put(path, "left");
  }

  /** Leaves aside what the server has and this folder ignores or cannot hold, and folders that hold only ignored things. */
  leaveForeign(): void {
    const { server, scan, ignore, skipLinks, names } = this.#options;
    const check = new NameCheck(names, server, this.#truth);
    for (const [path, { entry }] of diffTrees(this.#truth, server).puts) {
      if (this.#changes.has(path)) continue;
      const skipped = skipLinks && entry.kind === "symlink";
      if (skipped || ignore.ignores(path, entry.kind === "directory")) this.#keep(path, "ignored");
      else {
        const problem = check.problemOf(path);
        if (problem === undefined) continue;
        this.#keep(path, "left");
        this.#problems.push({ path, problem, kind: "unsupported" });
      }
    }
    for (const path of scan.ignored) this.#leaveHollow(path);
  }

  finish(found: readonly ScanProblem[]): Omit<FolderView, "truth"> {
    const tree = this.#changes.size === 0 ? this.#truth : withChanges<LocalNode>(this.#truth, this.#changes);
    return { tree, aside: this.#aside, meant: this.#meant, problems: [...found, ...this.#problems] };
  }

  /** As {@linkcode View.#put}, with the folders above that are not here. What lies here in place of one is not hidden. */
  #keep(path: SafePath, reason: OpenReason): void {
    for (const above of ancestors(path)) {
      if (getNode(this.#truth, above) === undefined && !this.#changes.has(above)) this.#put(above, reason);
    }
    this.#put(path, reason);
  }

  #put(path: SafePath, reason: OpenReason): void {
    this.#meant.delete(path);
    this.#changes.set(path, getNode(this.#options.server, path));
    this.#aside.set(path, reason);
  }

  /** Leaves aside folders above an ignored path that are not on the server and hold nothing else. */
  #leaveHollow(ignored: SafePath): void {
    for (const above of ancestors(ignored).reverse()) {
      if (this.#changes.has(above)) continue;
      if (getNode(this.#options.server, above) !== undefined) return;
      for (const name of this.#truth.get(above)?.keys() ?? []) {
        const below = `${above}/${name}` as SafePath;
        if (!this.#changes.has(below) || this.#changes.get(below) !== undefined) return;
      }
      this.#put(above, "ignored");
    }
  }
}

/** An entry with what was meant where it is what the disk made of that. */
function withUnkept(now: Entry, { meant, kept }: { readonly meant: Entry; readonly kept: Entry }): Entry {
  if (now.kind === "directory" && meant.kind === "directory" && kept.kind === "directory") {
    return now.mode === kept.mode ? meant : now;
  }
  if (now.kind !== "file" || meant.kind !== "file" || kept.kind !== "file") return now;
  const mode = now.mode === kept.mode ? meant.mode : now.mode;
  const isEdited = !sameTime(now, kept) || !sameContent(now, meant);
  return withTime({ ...now, mode }, isEdited ? now : meant);
}

/** Whether something ignored lies in a folder. */
export function holdsIgnored(directory: SafePath, scan: Scan): boolean {
  return scan.ignored.some((path) => isWithin(path, directory));
}

/**
 * The Merkle hash of a folder, the server's in the place of what is ignored there, and what is meant in the place of what
 * the disk does not keep.
 *
 * @param folder The folder as it is.
 */
export function provenRoot(
  view: Pick<FolderView, "aside" | "meant">,
  folder: Tree<LocalNode>,
  server: HashedTree,
): Hash {
  const ignored = [...view.aside].flatMap(([path, reason]) => {
    return reason === "ignored" ? [[path, getNode(server.tree, path)] as const] : [];
  });
  const changes = [...ignored, ...meantNodes(view.meant)];
  const tree = changes.length === 0 ? folder : withChanges<Node>(folder, changes);
  // Where every entry is the server's, so is the hash; to compare them takes a fraction of hashing them.
  const isServers = isSame(diffTrees(tree, server.tree));
  return (isServers ? server.hashes : treeHashes(tree, server)).get(rootPath)!;
}

/** A folder with what is meant in the place of what the disk does not keep. */
export function asMeant({ meant }: Pick<FolderView, "meant">, folder: Tree<LocalNode>): Tree<LocalNode> {
  return meant.size === 0 ? folder : withChanges<LocalNode>(folder, meantNodes(meant));
}

function* meantNodes(meant: FolderView["meant"]): Generator<readonly [SafePath, Node]> {
  for (const [path, entry] of meant) yield [path, { entry }];
}

import {
  baseName,
  err,
  type Hash,
  joinPath,
  ok,
  parentPath,
  type Result,
  rootPath,
  type SafePath,
} from "../../core/mod.ts";
import type { Entry } from "../entry.ts";
import { compareNames, directoryHash } from "../tree_hash.ts";
import type { Commit, CommitRefusal, SpaceHead } from "./metadata_store.ts";
import { planDirectory, type VersionChange } from "./plan_directory.ts";
import { isLive, type Row } from "./row.ts";
import { type Tally, tally } from "./tally.ts";

/** How many directories a plan asks for at a time; bounds what a store holds of them. */
export const directoriesPerRequest = 256;

/** What a commit does to a space, ready to be written. */
export interface CommitPlan extends Tally {
  /** The new versions by directory, sorted by directory and name; empty if nothing changes. */
  readonly changes: readonly DirectoryChanges[];
  /** The directories that keep their version while something in them changes. */
  readonly trees: readonly TreeChange[];
}

/** New versions of children of one directory. */
export interface DirectoryChanges {
  /** The directory. */
  readonly directory: SafePath;
  /** The new versions, sorted by name; at least one. */
  readonly changes: readonly VersionChange[];
}

/** A directory that stays as it is but for the Merkle hash of what lies in it. */
export interface TreeChange {
  /** The directory that it lies in. */
  readonly directory: SafePath;
  /** Its name there. */
  readonly name: string;
  /** The new hash. */
  readonly tree: Hash;
}

/** Yields directories, takes their rows, returns the plan; see {@linkcode planCommit}. */
export type CommitPlanning = Generator<
  readonly SafePath[],
  Result<CommitPlan, CommitRefusal>,
  readonly (readonly Row[])[]
>;

/**
 * Works out what a commit does to a space, without touching it: the new versions, the new Merkle hashes, and whether
 * the outcome is a tree. Whether anything changed meanwhile is asked beforehand, by `changedMeanwhile`.
 *
 * It goes through the touched directories bottom up, so that each is hashed once, after everything in it; directories
 * above unchanged ones are neither read nor hashed. It yields the directories whose rows it needs, at most
 * {@linkcode directoriesPerRequest} at a time, and is to be sent, for each in that order, all its rows as they are now,
 * tombstones too, in any order. So a store may look them up at once or take its time.
 *
 * @param head Where the space stands.
 * @param commit What is wanted. A path that is both put and deleted is put.
 */
export function* planCommit(head: SpaceHead, commit: Commit): CommitPlanning {
  const planning = new Planning(head, commit);
  for (let depth = planning.levels.length - 1; depth >= 0; depth--) {
    for (const directories of portions(planning.levels[depth]!)) {
      const rows = yield directories;
      directories.forEach((directory, index) => planning.plan(directory, rows[index] ?? []));
    }
    for (const directories of portions(planning.takeGone())) {
      const rows = yield directories;
      directories.forEach((directory, index) => planning.checkGone(directory, rows[index] ?? []));
    }
  }
  return planning.finish();
}

class Planning {
  /** The directories to go through, by depth, the root at 0. Levels above the present one still grow. */
  readonly levels: Set<SafePath>[] = [new Set()];
  readonly #head: SpaceHead;
  readonly #commit: Commit;
  readonly #wishes: ReadonlyMap<SafePath, ReadonlyMap<string, Entry | undefined>>;
  /** By directory the new hashes of its subdirectories. */
  readonly #trees = new Map<SafePath, Map<string, Hash>>();
  /** How many children live afterwards in each directory gone through. */
  readonly #living = new Map<SafePath, number>();
  /** Directories that go, and were not gone through themselves. */
  #gone: SafePath[] = [];
  readonly #misplaced = new Set<SafePath>();
  readonly #planned: DirectoryChanges[] = [];
  readonly #treeChanges: TreeChange[] = [];
  #root: Hash;

  constructor(head: SpaceHead, commit: Commit) {
    this.#head = head;
    this.#commit = commit;
    this.#root = head.root;
    this.#wishes = wishesByDirectory(commit);
    for (const directory of this.#wishes.keys()) this.#touch(directory);
    if (commit.puts.has(rootPath) || commit.deletes.has(rootPath)) this.#misplaced.add(rootPath);
  }

  plan(directory: SafePath, rows: readonly Row[]): void {
    const planned = planDirectory(rows, {
      entries: this.#wishes.get(directory) ?? new Map(),
      trees: this.#trees.get(directory) ?? new Map(),
      revision: this.#head.revision + 1,
    });
    this.#living.set(directory, planned.live.length);
    for (const name of planned.homeless) this.#refuseRemains(joinPath(directory, name));
    for (const { before, after } of planned.changes) {
      if (before?.entry?.kind !== "directory" || after.entry?.kind === "directory") continue;
      const path = joinPath(directory, after.name);
      if (this.#living.has(path)) this.#refuseRemains(path);
      else this.#gone.push(path);
    }
    if (planned.changes.length > 0) this.#planned.push({ directory, changes: planned.changes });
    for (const { name, tree } of planned.trees) this.#treeChanges.push({ directory, name, tree });
    if (planned.changes.length + planned.trees.length > 0) this.#setTree(directory, directoryHash(planned.live));
  }

  /** The directories that go at the present level, and have not been looked into. */
  takeGone(): SafePath[] {
    const gone = this.#gone;
    this.#gone = [];
    return gone;
  }

  /** Takes the rows of a directory that goes: nothing may live in it. */
  checkGone(directory: SafePath, rows: readonly Row[]): void {
    if (rows.some(isLive)) this.#misplaced.add(directory);
  }

  finish(): Result<CommitPlan, CommitRefusal> {
    if (this.#misplaced.size > 0) return err({ reason: "not_a_tree", paths: [...this.#misplaced].sort(compareNames) });
    const changes = this.#planned.sort((a, b) => compareNames(a.directory, b.directory));
    const { committedAtMs } = this.#commit;
    const total = tally(allOf(changes), { head: this.#head, root: this.#root, committedAtMs });
    return ok({ ...total, changes, trees: this.#treeChanges });
  }

  #touch(directory: SafePath): void {
    const depth = directory === rootPath ? 0 : directory.split("/").length;
    while (this.levels.length <= depth) this.levels.push(new Set());
    this.levels[depth]!.add(directory);
  }

  #setTree(directory: SafePath, tree: Hash): void {
    if (directory === rootPath) {
      this.#root = tree;
      return;
    }
    const parent = parentPath(directory);
    const siblings = this.#trees.get(parent);
    if (siblings) siblings.set(baseName(directory), tree);
    else this.#trees.set(parent, new Map([[baseName(directory), tree]]));
    this.#touch(parent);
  }

  /** Refuses what lives in something that is no directory afterwards: each put, and the directory if more is left. */
  #refuseRemains(directory: SafePath): void {
    let remains = this.#living.get(directory) ?? 0;
    for (const [name, entry] of this.#wishes.get(directory) ?? []) {
      if (entry === undefined) continue;
      this.#misplaced.add(joinPath(directory, name));
      remains--;
    }
    if (remains > 0) this.#misplaced.add(directory);
  }
}

function wishesByDirectory({ puts, deletes }: Commit): Map<SafePath, Map<string, Entry | undefined>> {
  const wishes = new Map<SafePath, Map<string, Entry | undefined>>();
  const wish = (path: SafePath, entry: Entry | undefined) => {
    const directory = parentPath(path);
    const entries = wishes.get(directory);
    if (entries) entries.set(baseName(path), entry);
    else wishes.set(directory, new Map([[baseName(path), entry]]));
  };
  for (const path of deletes) wish(path, undefined);
  for (const [path, entry] of puts) wish(path, entry);
  return wishes;
}

function* allOf(directories: Iterable<DirectoryChanges>): Generator<VersionChange> {
  for (const { changes } of directories) yield* changes;
}

function* portions(directories: Iterable<SafePath>): Generator<SafePath[]> {
  let portion: SafePath[] = [];
  for (const directory of directories) {
    portion.push(directory);
    if (portion.length < directoriesPerRequest) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

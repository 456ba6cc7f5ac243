import { ancestors, joinPath, parentPath, type SafePath } from "../../core/mod.ts";
import { compareTimes, type ConflictPolicy, type Entry, sameContent, sameEntry } from "../../metadata/mod.ts";
import { originalOfConflict } from "../conflict_name.ts";
import { diffTrees, type TreeDiff } from "../diff.ts";
import { getNode, type Tree } from "../tree.ts";
import { decide, type ThreeNodes } from "./decide.ts";
import { followMoves } from "./follow_moves.ts";
import { mergedFile } from "./merged_file.ts";

/** A space as both sides have it, and as they last agreed on it. */
export interface ThreeTrees {
  /** What both sides last agreed on; empty if they never did. */
  readonly base: Tree;
  /** The folder. */
  readonly local: Tree;
  /** The server's space. */
  readonly remote: Tree;
}

/** Options of {@linkcode reconcile}. */
export interface ReconcileOptions {
  /** What to do about a conflict at a path. */
  readonly policyOf: (path: SafePath) => ConflictPolicy;
  /** What merging gave, by path; `undefined` where it was tried in vain. A path that is not here can still be merged. */
  readonly merged: ReadonlyMap<SafePath, Entry | undefined>;
  /** Names the copy of what one side has at a path; another name for each attempt, from 0. */
  readonly copyName: (path: SafePath, side: "local" | "remote", attempt: number) => SafePath;
}

/**
 * How a conflict ends: one side keeps the name, both are one, it waits for somebody to decide, or it waits for an
 * attempt to merge (`unmerged`; nothing may be applied while there is one).
 */
export type ConflictOutcome = "local" | "remote" | "merged" | "manual" | "unmerged";

/** A path at which both sides have what the other does not know. */
export interface Conflict {
  /** Where it is. */
  readonly path: SafePath;
  /** What both sides last agreed on. */
  readonly base: Entry | undefined;
  /** What the folder has. */
  readonly local: Entry;
  /** What the server has. */
  readonly remote: Entry;
  /** What decides it; nothing where a folder has the name, which it has whatever the policy. */
  readonly policy?: ConflictPolicy;
  /** How it ends. */
  readonly outcome: ConflictOutcome;
  /** Where what lost the name is kept; nowhere if it lies beside it already, or nothing was lost. */
  readonly copy?: SafePath;
}

/** What both sides have to change. */
export interface Reconciliation {
  /** What the folder has to change. */
  readonly toFolder: TreeDiff;
  /** What the server has to change. */
  readonly toServer: TreeDiff;
  /** Where they had to be brought together, sorted by path. */
  readonly conflicts: readonly Conflict[];
}

/** Works out what both sides of a space have to change so that they agree. */
export function reconcile(trees: ThreeTrees, options: ReconcileOptions): Reconciliation {
  const run = new Reconciling(trees, options);
  run.followMoves();
  run.decideAll();
  run.keepParents();
  return run.finish();
}

class Reconciling {
  readonly #trees: ThreeTrees;
  readonly #options: ReconcileOptions;
  readonly #local: TreeDiff;
  readonly #remote: TreeDiff;
  /** What shall live at a path; `undefined` for nothing. */
  readonly #target = new Map<SafePath, Entry | undefined>();
  /** Paths at which each side stays as it is. */
  readonly #waiting = new Set<SafePath>();
  readonly #conflicts: Conflict[] = [];
  /** The conflict copies in each folder in which something was in conflict, by what they are copies of. */
  readonly #copies = new Map<SafePath, Map<SafePath, Set<SafePath>>>();

  constructor(trees: ThreeTrees, options: ReconcileOptions) {
    this.#trees = trees;
    this.#options = options;
    this.#local = diffTrees(trees.base, trees.local);
    this.#remote = diffTrees(trees.base, trees.remote);
  }

  /** Lets an edit follow its file to where the other side moved it. */
  followMoves(): void {
    const { base, local, remote } = this.#trees;
    for (const { from, to, base: before, moved, edited } of followMoves(base, this.#local, remote)) {
      this.#target.set(from, undefined);
      this.#target.set(to, mergedFile({ base: before, local: moved, remote: edited }, edited));
    }
    for (const { from, to, base: before, moved, edited } of followMoves(base, this.#remote, local)) {
      this.#target.set(from, undefined);
      this.#target.set(to, mergedFile({ base: before, local: edited, remote: moved }, edited));
    }
  }

  decideAll(): void {
    const changed = new Set<SafePath>();
    for (const { puts, deletes } of [this.#local, this.#remote]) {
      for (const path of puts.keys()) changed.add(path);
      for (const path of deletes) changed.add(path);
    }
    for (const path of [...changed].sort()) {
      if (this.#target.has(path)) continue;
      const nodes = this.#nodesAt(path);
      const decision = decide(nodes);
      if (decision.settled) this.#target.set(path, decision.entry);
      else this.#settle({ path, base: nodes.base, local: decision.local, remote: decision.remote });
    }
  }

  /** What lives needs folders above it; a file in their place gives way. */
  keepParents(): void {
    const living = [...this.#target].filter(([, entry]) => entry !== undefined).map(([path]) => path);
    const seen = new Set<SafePath>();
    for (const path of [...living, ...this.#waiting, ...this.#staying()].sort()) {
      for (const above of ancestors(path)) {
        if (seen.has(above)) continue;
        seen.add(above);
        this.#keepDirectory(above);
      }
    }
  }

  /**
   * What neither side changed, though the path above is no folder any more. In the folder's tree that can be: what is
   * left aside there is told to be as it is on the server, whatever became of the folders above.
   */
  *#staying(): Generator<SafePath> {
    for (const [path, entry] of this.#target) {
      if (entry?.kind === "directory") continue;
      for (const name of this.#trees.local.get(path)?.keys() ?? []) {
        const below = joinPath(path, name);
        if (!this.#target.has(below)) yield below;
      }
    }
  }

  finish(): Reconciliation {
    const toFolder: TreeDiff = { puts: new Map(), deletes: new Set() };
    const toServer: TreeDiff = { puts: new Map(), deletes: new Set() };
    for (const [path, entry] of this.#target) {
      change(toFolder, path, getNode(this.#trees.local, path)?.entry, entry);
      change(toServer, path, getNode(this.#trees.remote, path)?.entry, entry);
    }
    return { toFolder, toServer, conflicts: this.#conflicts.sort((a, b) => a.path < b.path ? -1 : 1) };
  }

  /** Says what becomes of a path where each side has what the other does not know. */
  #settle(found: Omit<Conflict, "policy" | "outcome" | "copy">): void {
    const { path, local, remote } = found;
    if (local.kind === "directory") return this.#letWin("local", found);
    if (remote.kind === "directory") return this.#letWin("remote", found);
    const policy = this.#options.policyOf(path);
    const conflict = { ...found, policy };
    switch (policy) {
      case "manual":
        this.#waiting.add(path);
        this.#conflicts.push({ ...conflict, outcome: "manual" });
        return;
      case "merge": {
        const merged = this.#options.merged.get(path);
        if (merged === undefined) {
          if (this.#options.merged.has(path)) return this.#letWin("remote", conflict);
          this.#conflicts.push({ ...conflict, outcome: "unmerged" });
          return;
        }
        this.#target.set(path, merged);
        this.#conflicts.push({ ...conflict, outcome: "merged" });
        return;
      }
      case "keep-both":
        return this.#letWin("remote", conflict);
      case "last-write-wins":
        return this.#letWin(isWrittenLater(local, remote) ? "local" : "remote", conflict);
    }
  }

  /** Gives the name to one side, and keeps what the other has beside it. */
  #letWin(winner: "local" | "remote", conflict: Omit<Conflict, "outcome" | "copy">): void {
    const [won, lost, loser] = winner === "local"
      ? [conflict.local, conflict.remote, "remote"] as const
      : [conflict.remote, conflict.local, "local"] as const;
    this.#target.set(conflict.path, won);
    const copy = this.#keepCopy(conflict.path, lost, loser);
    this.#conflicts.push({ ...conflict, outcome: winner, ...(copy === undefined ? {} : { copy }) });
  }

  /** Keeps an entry beside its path, unless a copy of the same content lies there already and stays. */
  #keepCopy(path: SafePath, lost: Entry, side: "local" | "remote"): SafePath | undefined {
    for (const other of this.#copiesOf(originalOfConflict(path) ?? path)) {
      if (other === path) continue;
      const kept = this.#keptAt(other);
      if (kept !== undefined && sameContent(kept, lost)) return undefined;
    }
    let copy = this.#options.copyName(path, side, 0);
    for (let attempt = 1; this.#isTaken(copy); attempt++) copy = this.#options.copyName(path, side, attempt);
    this.#target.set(copy, lost);
    return copy;
  }

  /** What shall live at a path, as far as it is settled. */
  #keptAt(path: SafePath): Entry | undefined {
    if (this.#target.has(path)) return this.#target.get(path);
    const decision = decide(this.#nodesAt(path));
    return decision.settled ? decision.entry : undefined;
  }

  /** The conflict copies of a path that lie beside it on either side. */
  #copiesOf(original: SafePath): Iterable<SafePath> {
    const directory = parentPath(original);
    let copies = this.#copies.get(directory);
    if (copies === undefined) {
      copies = new Map();
      for (const tree of [this.#trees.remote, this.#trees.local]) {
        for (const name of tree.get(directory)?.keys() ?? []) {
          const path = joinPath(directory, name);
          const of = originalOfConflict(path);
          if (of === undefined) continue;
          const known = copies.get(of);
          if (known === undefined) copies.set(of, new Set([path]));
          else known.add(path);
        }
      }
      this.#copies.set(directory, copies);
    }
    return copies.get(original) ?? [];
  }

  #nodesAt(path: SafePath): ThreeNodes {
    const { base, local, remote } = this.#trees;
    const [was, here, there] = [base, local, remote].map((tree) => getNode(tree, path)?.entry);
    return { base: was, local: here, remote: there };
  }

  #isTaken(path: SafePath): boolean {
    const { local, remote } = this.#trees;
    return this.#target.has(path) || getNode(local, path) !== undefined || getNode(remote, path) !== undefined;
  }

  /** Makes sure that a path is a folder, as it is on one side at least. */
  #keepDirectory(path: SafePath): void {
    const { base, local, remote } = this.#nodesAt(path);
    const target = this.#target.has(path) ? this.#target.get(path) : local;
    if (target?.kind === "directory") return;
    const directory = [local, remote, base].find((entry) => entry?.kind === "directory");
    if (directory === undefined) throw new TypeError(`Something lives in ${path}, which is a folder nowhere`);
    this.#target.set(path, directory);
    if (target === undefined) return;
    const side = sameEntry(local, target) ? "local" : "remote";
    const copy = this.#keepCopy(path, target, side);
    this.#conflicts.push({
      path,
      base,
      local: local ?? directory,
      remote: remote ?? directory,
      outcome: side === "local" ? "remote" : "local",
      ...(copy === undefined ? {} : { copy }),
    });
  }
}

function change(diff: TreeDiff, path: SafePath, now: Entry | undefined, target: Entry | undefined): void {
  if (sameEntry(now, target)) return;
  if (target === undefined) diff.deletes.add(path);
  else diff.puts.set(path, { entry: target });
}

/** Whether an entry was written later than another, as far as it is known: only a file keeps its time. */
function isWrittenLater(entry: Entry, other: Entry): boolean {
  if (entry.kind !== "file") return false;
  return other.kind !== "file" || compareTimes(entry, other) > 0;
}

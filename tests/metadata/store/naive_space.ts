import { type Hash, isWithin, parentPath, rootPath, type SafePath } from "../../../lib/core/mod.ts";
import {
  type Change,
  type ChangedPaths,
  type Commit,
  type CommitReceipt,
  type CommitRefusal,
  compareNames,
  emptyTree,
  type Entry,
  sameEntry,
  type SpaceHead,
  type VersionRecord,
} from "../../../lib/metadata/mod.ts";
import { hashOf } from "./fixtures.ts";

/** The newest version of a path at some revision. */
interface Version {
  readonly entry: Entry | undefined;
  readonly version: number;
  readonly revision: number;
}

type State = ReadonlyMap<SafePath, Version>;

/** What a space should be, in the plainest way there is: a full copy of everything for every revision. */
export class NaiveSpace {
  readonly #states: State[] = [new Map()];
  readonly #heads: SpaceHead[];
  readonly #commits: Commit[] = [];

  constructor(name: string) {
    this.#heads = [{ space: name, revision: 0, root: emptyTree, files: 0, entries: 0, bytes: 0, committedAtMs: 0 }];
  }

  get head(): SpaceHead {
    return this.#heads.at(-1)!;
  }

  /** What lived at a revision, by path. */
  entriesAt(revision: number): Map<SafePath, Entry> {
    const live = new Map<SafePath, Entry>();
    for (const [path, { entry }] of this.#states[revision]!) if (entry) live.set(path, entry);
    return live;
  }

  version(path: SafePath): Version | undefined {
    return this.#states.at(-1)!.get(path);
  }

  changesSince(since: number): Change[] {
    return [...this.#states.at(-1)!].filter(([, { revision }]) => revision > since)
      .map(([path, { entry, version, revision }]) => {
        const previous = this.#states[since]!.get(path)?.entry;
        const previousContent = previous?.kind === "file" ? previous.content : undefined;
        return { path, entry, version, revision, previousContent };
      })
      .sort((a, b) => compareNames(parentPath(a.path), parentPath(b.path)) || compareNames(a.path, b.path));
  }

  /** The revisions newest first, with the hash of the tree at each. */
  revisions(): { readonly revision: number; readonly root: Hash }[] {
    return this.#heads.slice(1).map(({ revision, root }) => ({ revision, root })).reverse();
  }

  history(path: SafePath): VersionRecord[] {
    const records: VersionRecord[] = [];
    for (let revision = this.head.revision; revision > 0; revision--) {
      const version = this.#states[revision]!.get(path);
      if (version?.revision !== revision) continue;
      const { client, committedAtMs } = this.#commits[revision - 1]!;
      records.push({ ...version, client, committedAtMs });
    }
    return records;
  }

  commit(commit: Commit): CommitReceipt | CommitRefusal {
    const earlier = this.#commits.findIndex(({ id }) => id === commit.id);
    if (earlier >= 0) {
      const { root } = this.#heads[earlier + 1]!;
      return { revision: earlier + 1, root, repeated: true, ...changedPaths(new Map(), new Map()) };
    }
    const crossing = this.#crossing(commit);
    if (crossing.length > 0) return { reason: "changed_meanwhile", head: this.head.revision, paths: crossing.sort() };
    const state = this.#after(commit);
    const misplaced = this.#misplaced(commit, state);
    if (misplaced.length > 0) return { reason: "not_a_tree", paths: misplaced.sort() };
    const changed = changedPaths(this.#states.at(-1)!, state);
    if ([...state.values()].some(({ revision }) => revision > this.head.revision)) this.#push(commit, state);
    return { revision: this.head.revision, root: this.head.root, repeated: false, ...changed };
  }

  #crossing({ baseRevision, puts, deletes }: Commit): SafePath[] {
    const goes = (path: SafePath) => puts.has(path) ? puts.get(path)!.kind !== "directory" : deletes.has(path);
    return [...this.#states.at(-1)!].filter(([path, { entry, revision }]) => {
      if (revision <= baseRevision) return false;
      if (puts.has(path) || deletes.has(path) || goes(parentPath(path))) return true;
      return entry?.kind !== "directory" && [...puts.keys()].some((put) => isWithin(put, path));
    }).map(([path]) => path);
  }

  #after({ puts, deletes }: Commit): Map<SafePath, Version> {
    const state = new Map(this.#states.at(-1)!);
    for (const path of new Set([...puts.keys(), ...deletes])) {
      const before = state.get(path);
      const entry = puts.get(path);
      if (sameEntry(before?.entry, entry)) continue;
      state.set(path, { entry, version: (before?.version ?? 0) + 1, revision: this.head.revision + 1 });
    }
    return state;
  }

  #misplaced({ puts }: Commit, state: State): SafePath[] {
    const misplaced = new Set<SafePath>();
    for (const [path, { entry }] of state) {
      const parent = parentPath(path);
      if (entry === undefined || parent === rootPath || state.get(parent)?.entry?.kind === "directory") continue;
      misplaced.add(puts.has(path) ? path : parent);
    }
    return [...misplaced];
  }

  #push(commit: Commit, state: State): void {
    this.#states.push(state);
    this.#commits.push(commit);
    const revision = this.head.revision + 1;
    const live = this.entriesAt(revision);
    const sizes = [...live.values()].flatMap((entry) => entry.kind === "file" ? [entry.size] : []);
    this.#heads.push({
      space: this.head.space,
      revision,
      root: hashOf(live),
      files: sizes.length,
      entries: live.size,
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      committedAtMs: commit.committedAtMs,
    });
  }
}

function changedPaths(before: State, after: State): ChangedPaths {
  const added = new Set<SafePath>();
  const modified = new Set<SafePath>();
  const deleted = new Set<SafePath>();
  const contents = new Set<SafePath>();
  for (const [path, { entry }] of after) {
    const old = before.get(path)?.entry;
    if (old === undefined && entry !== undefined) added.add(path);
    else if (old !== undefined && entry === undefined) deleted.add(path);
    else if (!sameEntry(old, entry)) modified.add(path);
    const oldContent = old?.kind === "file" ? old.content : undefined;
    if (entry?.kind === "file" && entry.content !== oldContent) contents.add(path);
  }
  return { added, modified, deleted, contents };
}

import { err, joinPath, ok, parentPath, type Result, rootPath, type SafePath } from "../../core/mod.ts";
import { type ConflictRules, saysNothing } from "../conflict_rules.ts";
import { compareNames, emptyTree } from "../tree_hash.ts";
import { changedPaths, noChangedPaths } from "./changed_paths.ts";
import { changedMeanwhile, type ChangedPath } from "./changed_meanwhile.ts";
import type {
  Change,
  Commit,
  CommitReceipt,
  CommitRefusal,
  DirectoryBatch,
  FileVersion,
  RevisionRecord,
  SpaceHead,
  StoredEntry,
  VersionRecord,
} from "./metadata_store.ts";
import { type CommitPlan, planCommit } from "./plan_commit.ts";
import { isExpired, pruneLimits, type Retention, type RetentionRule } from "./retention.ts";
import { isLive, pastEntry, type Row, storedEntry } from "./row.ts";

/** One space of a `MemoryMetadataStore`. Rows are never altered, only replaced, so a reader may keep what it got. */
export class MemorySpace {
  #head: SpaceHead;
  /** By directory and name the newest version of every path that ever was, tombstones too. */
  readonly #directories = new Map<SafePath, Map<string, Row>>();
  /** By path the same rows: to find one takes one lookup, and no part of a path to be cut out and hashed. */
  readonly #newest = new Map<SafePath, Row>();
  /** By path the versions that were superseded, oldest first. */
  readonly #superseded = new Map<SafePath, Row[]>();
  /** Revision n at n - 1. */
  readonly #revisions: RevisionRecord[] = [];
  readonly #receipts = new Map<string, CommitReceipt>();
  #retention: Retention = { oldestWhole: 0 };

  /** Makes an empty space at revision 0. */
  constructor(name: string) {
    this.#head = { space: name, revision: 0, root: emptyTree, files: 0, entries: 0, bytes: 0, committedAtMs: 0 };
  }

  /** Where the space stands. */
  get head(): SpaceHead {
    return this.#head;
  }

  /** Sets what clients do about conflicts; gives the head. */
  setConflictRules(rules: ConflictRules): SpaceHead {
    const { conflicts: _, ...head } = this.#head;
    return this.#head = saysNothing(rules) ? head : { ...head, conflicts: rules };
  }

  /** What lives at a path now. */
  get(path: SafePath): StoredEntry | undefined {
    const row = this.#newest.get(path);
    return row && isLive(row) ? storedEntry(parentPath(path), row) : undefined;
  }

  /** The newest version of a path, a tombstone too. */
  newest(path: SafePath): Row | undefined {
    return this.#newest.get(path);
  }

  /** The newest version of everything that ever lay in a directory, tombstones too, by name. */
  rowsIn(directory: SafePath): ReadonlyMap<string, Row> | undefined {
    return this.#directories.get(directory);
  }

  /** Every directory in which something ever lay, in no order; they only become more. */
  directories(): ReadonlyMap<SafePath, unknown> {
    return this.#directories;
  }

  /** The record of a revision that the space had. */
  revision(revision: number): RevisionRecord {
    return this.#revisions[revision - 1]!;
  }

  /** The children of a directory now, sorted by name. */
  list(directory: SafePath): StoredEntry[] {
    const rows = [...this.#directories.get(directory)?.values() ?? []];
    return rows.filter(isLive).sort((a, b) => compareNames(a.name, b.name)).map((row) => storedEntry(directory, row));
  }

  /** The children of all directories that have some now, the root first. */
  batches(): DirectoryBatch[] {
    return this.#batches((directory) => this.list(directory));
  }

  /** The children of all directories that had some at a revision, the root first. */
  batchesAt(revision: number): DirectoryBatch[] {
    return this.#batches((directory) =>
      [...this.#directories.get(directory)?.keys() ?? []].sort(compareNames).flatMap((name) => {
        const row = this.#versions(joinPath(directory, name)).find((row) => row.revision <= revision);
        return row && isLive(row) ? [pastEntry(directory, row)] : [];
      })
    );
  }

  /** Every path with a version newer than `since`, sorted by directory and name. */
  changesSince(since: number): Change[] {
    return [...this.#rowsAfter(since)].sort((a, b) =>
      compareNames(a.directory, b.directory) || compareNames(a.row.name, b.row.name)
    ).map(({ directory, row: { name, entry, version, revision } }) => {
      const path = joinPath(directory, name);
      const previous = this.#versions(path).find((row) => row.revision <= since)?.entry;
      const previousContent = previous?.kind === "file" ? previous.content : undefined;
      return { path, entry, version, revision, previousContent };
    });
  }

  /** All versions of a path, newest first. */
  history(path: SafePath): VersionRecord[] {
    return this.#versions(path).map(({ version, revision, entry }) => {
      const { client, committedAtMs } = this.revision(revision);
      return { version, revision, entry, client, committedAtMs };
    });
  }

  /** The revisions before one, newest first. */
  revisions(before: number, limit: number): RevisionRecord[] {
    return this.#revisions.slice(0, Math.max(0, before - 1)).reverse().slice(0, limit);
  }

  /** The rule by which superseded versions are kept. */
  get retention(): Retention {
    return this.#retention;
  }

  /** Sets the rule; gives it back. */
  setRule({ keepVersions, keepForMs }: RetentionRule): Retention {
    const { oldestWhole } = this.#retention;
    return this.#retention = {
      oldestWhole,
      ...(keepVersions === undefined ? {} : { keepVersions }),
      ...(keepForMs === undefined ? {} : { keepForMs }),
    };
  }

  /** Every version of every file, but for those that expired at a time, if one is given. */
  files(keptAtMs: number | undefined): FileVersion[] {
    const expired = keptAtMs === undefined ? new Set<Row>() : new Set(this.#expired(keptAtMs).map(({ row }) => row));
    const { space } = this.#head;
    return [...this.#newest.keys()].flatMap((path) =>
      this.#versions(path).filter((row) => !expired.has(row)).flatMap(({ version, entry }, index) =>
        entry?.kind === "file" ? [{ space, path, version, live: index === 0, file: entry }] : []
      )
    );
  }

  /** Removes the versions that the rule does not keep; says how many. */
  prune(nowMs: number, dryRun: boolean): number {
    const expired = this.#expired(nowMs);
    if (dryRun) return expired.length;
    let { oldestWhole } = this.#retention;
    for (const { path, row, superseded } of expired) {
      const rows = this.#superseded.get(path)!;
      rows.splice(rows.indexOf(row), 1);
      if (isLive(row)) oldestWhole = Math.max(oldestWhole, superseded);
    }
    this.#retention = { ...this.#retention, oldestWhole };
    return expired.length;
  }

  /** Applies a commit whole or not at all. */
  commit(commit: Commit): Result<CommitReceipt, CommitRefusal> {
    const earlier = this.#receipts.get(commit.id);
    if (earlier) return ok(earlier);
    const changed = this.#changedAfter(commit.baseRevision);
    const refusal = changedMeanwhile(commit, { head: this.#head.revision, changed });
    if (refusal) return err(refusal);
    const plan = this.#plan(commit);
    if (!plan.ok) return plan;
    if (plan.value.changes.length > 0) this.#apply(plan.value, commit);
    const { revision, root } = this.#head;
    return ok({ revision, root, repeated: false, ...changedPaths(plan.value.changes) });
  }

  #plan(commit: Commit): Result<CommitPlan, CommitRefusal> {
    const planning = planCommit(this.#head, commit);
    let step = planning.next();
    while (!step.done) {
      step = planning.next(step.value.map((directory) => [...this.#directories.get(directory)?.values() ?? []]));
    }
    return step.value;
  }

  #apply(plan: CommitPlan, commit: Commit): void {
    for (const { directory, changes } of plan.changes) {
      const rows = this.#directories.get(directory) ?? new Map<string, Row>();
      this.#directories.set(directory, rows);
      for (const { before, after } of changes) {
        const path = joinPath(directory, after.name);
        if (before) this.#supersede(path, before);
        rows.set(after.name, after);
        this.#newest.set(path, after);
      }
    }
    for (const { directory, name, tree } of plan.trees) {
      const rows = this.#directories.get(directory)!;
      const row = { ...rows.get(name)!, tree };
      rows.set(name, row);
      this.#newest.set(joinPath(directory, name), row);
    }
    this.#head = plan.head;
    const { revision, root, committedAtMs } = plan.head;
    const { client } = commit;
    this.#revisions.push({ revision, root, client, committedAtMs, puts: plan.puts, deletes: plan.deletes });
    this.#receipts.set(commit.id, { revision, root, repeated: true, ...noChangedPaths });
  }

  #batches(childrenOf: (directory: SafePath) => StoredEntry[]): DirectoryBatch[] {
    const others = [...this.#directories.keys()].filter((directory) => directory !== rootPath);
    return [rootPath, ...others].map((directory) => ({ directory, children: childrenOf(directory) }))
      .filter(({ children }) => children.length > 0);
  }

  #expired(nowMs: number): { readonly path: SafePath; readonly row: Row; readonly superseded: number }[] {
    const recent = this.#revisions.find(({ committedAtMs }) =>
      committedAtMs > nowMs - (this.#retention.keepForMs ?? 0)
    );
    const limits = pruneLimits(this.#retention, recent?.revision ?? this.#head.revision + 1);
    if (limits === undefined) return [];
    return [...this.#superseded].flatMap(([path, rows]) => {
      const { version: newest, revision } = this.#newest.get(path)!;
      return rows.map((row, index) => ({ path, row, superseded: rows[index + 1]?.revision ?? revision }))
        .filter(({ row, superseded }) => isExpired({ version: row.version, superseded, newest }, limits));
    });
  }

  #supersede(path: SafePath, row: Row): void {
    const superseded = this.#superseded.get(path) ?? [];
    superseded.push(row);
    this.#superseded.set(path, superseded);
  }

  /** All versions of a path, newest first. */
  #versions(path: SafePath): Row[] {
    const newest = this.#newest.get(path);
    return newest ? [newest, ...(this.#superseded.get(path) ?? []).toReversed()] : [];
  }

  *#rowsAfter(revision: number): Generator<{ readonly directory: SafePath; readonly row: Row }> {
    for (const [directory, rows] of this.#directories) {
      for (const row of rows.values()) if (row.revision > revision) yield { directory, row };
    }
  }

  *#changedAfter(revision: number): Generator<ChangedPath> {
    for (const { directory, row } of this.#rowsAfter(revision)) {
      yield { path: joinPath(directory, row.name), isDirectory: row.entry?.kind === "directory" };
    }
  }
}

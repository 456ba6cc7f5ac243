import { err, type Hash, type Result, type SafePath } from "../../core/mod.ts";
import { checkConflictRules, type ConflictRules } from "../conflict_rules.ts";
import type { Manifest } from "../manifest.ts";
import { compareNames } from "../tree_hash.ts";
import { checkManifests } from "./check_manifests.ts";
import { checkRevision } from "./check_revision.ts";
import type {
  Change,
  Commit,
  CommitReceipt,
  CommitRefusal,
  DirectoryBatch,
  FilesOptions,
  FileVersion,
  MetadataStore,
  PruneOptions,
  RevisionRecord,
  RevisionsOptions,
  SpaceHead,
  StoredEntry,
  VersionRecord,
} from "./metadata_store.ts";
import {
  checkRule,
  checkWhole,
  type ManifestPruneOptions,
  type ManifestPruneReceipt,
  type PruneReceipt,
  type Retention,
  type RetentionRule,
} from "./retention.ts";
import { sqliteCommit } from "./sqlite_commit.ts";
import { SqliteDatabase } from "./sqlite_database.ts";
import { sqliteFailure } from "./sqlite_failure.ts";
import { sqliteFiles } from "./sqlite_files.ts";
import { findUnnamedLists, listsPerPage, pruneLists, type UnnamedLists } from "./sqlite_manifests.ts";
import { openSqliteDatabase } from "./open_sqlite_database.ts";
import { readChanges, readDirectory, readEntry, readHistory, readManifest, readRevisions } from "./sqlite_reading.ts";
import { historyStart, limitsAt, prunePage, readRetention, writeRetention } from "./sqlite_retention.ts";
import { SqliteReaders } from "./sqlite_readers.ts";
import { addSpace, allSpaces, findSpace, knownSpace, writeConflictRules } from "./sqlite_space.ts";
import { sqliteTree } from "./sqlite_tree.ts";

/** Options of {@linkcode openSqliteStore}. */
export interface SqliteStoreOptions {
  /** How long a commit waits for another process that is writing, in milliseconds; 10,000 unless told. */
  readonly busyTimeoutMs?: number;
  /** How large the database may grow, in bytes; beyond it, a commit fails as on a full disk. No limit unless told. */
  readonly bytesMax?: number;
}

const defaultBusyTimeoutMs = 10_000;

/**
 * Opens the metadata database at a path, or creates it; an older schema is brought up to date.
 *
 * Any number of processes and workers may have it open; commits queue up, readers wait for nobody. While a tree is being
 * read, the write-ahead log only grows, so read on or leave off.
 *
 * @param path A file on a local disk: SQLite's write-ahead log needs shared memory, which network file systems lack.
 * @throws {Failure} kind `conflict` if the file is no database of dfs or of a newer version, `io` if it cannot be opened.
 */
export function openSqliteStore(path: string, options: SqliteStoreOptions = {}): SqliteMetadataStore {
  return new SqliteMetadataStore(path, options);
}

/**
 * A {@linkcode MetadataStore} in one SQLite file, beside it SQLite's write-ahead log. Made by
 * {@linkcode openSqliteStore}.
 */
export class SqliteMetadataStore implements MetadataStore {
  readonly #path: string;
  readonly #database: SqliteDatabase;
  readonly #readers: SqliteReaders;
  /** The numbers of spaces; a number is never given to another space. */
  readonly #spaceIds = new Map<string, number>();

  /** Opens the database; see {@linkcode openSqliteStore}. */
  constructor(path: string, { busyTimeoutMs = defaultBusyTimeoutMs, bytesMax }: SqliteStoreOptions = {}) {
    this.#path = path;
    this.#database = openSqliteDatabase(path, bytesMax === undefined ? { busyTimeoutMs } : { busyTimeoutMs, bytesMax });
    this.#readers = new SqliteReaders(() => new SqliteDatabase(path, { readOnly: true, busyTimeoutMs }));
  }

  /** All spaces, sorted by name. */
  spaces(): Promise<SpaceHead[]> {
    return this.#attempt(
      "read",
      (database) => allSpaces(database).map(({ head }) => head).sort((a, b) => compareNames(a.space, b.space)),
    );
  }

  /** Creates a space unless it exists. */
  createSpace(name: string): Promise<SpaceHead> {
    return this.#attempt("write to", (database) => {
      if (!findSpace(database, name)) addSpace(database, name);
      return knownSpace(database, name).head;
    });
  }

  /** Where a space stands. */
  head(space: string): Promise<SpaceHead | undefined> {
    return this.#attempt("read", (database) => findSpace(database, space)?.head);
  }

  /** Sets what clients of a space do about conflicts. */
  setConflictRules(space: string, rules: ConflictRules): Promise<SpaceHead> {
    return this.#attempt("write to", (database) => {
      checkConflictRules(rules);
      writeConflictRules(database, knownSpace(database, space), rules);
      return knownSpace(database, space).head;
    });
  }

  /** What lives at a path now. */
  get(space: string, path: SafePath): Promise<StoredEntry | undefined> {
    return this.#attempt("read", (database) => readEntry(database, { space: this.#spaceId(space), path }));
  }

  /** The children of a directory now. */
  list(space: string, directory: SafePath): Promise<StoredEntry[]> {
    return this.#attempt("read", (database) => {
      return readDirectory(database, { space: this.#spaceId(space), path: directory });
    });
  }

  /** Everything that lives now. */
  entries(space: string): AsyncGenerator<DirectoryBatch> {
    return this.#tree(space);
  }

  /** The paths whose entry changed since a revision. */
  changesSince(space: string, since: number): Promise<Change[]> {
    return this.#attempt("read", (database) => {
      using _ = database.snapshot();
      const { id, head } = knownSpace(database, space);
      checkRevision(head, since);
      return readChanges(database, { space: id, since });
    });
  }

  /** Everything that lived at a past revision. */
  entriesAt(space: string, revision: number): AsyncGenerator<DirectoryBatch> {
    return this.#tree(space, revision);
  }

  /** All versions of a path. */
  history(space: string, path: SafePath): Promise<VersionRecord[]> {
    return this.#attempt("read", (database) => readHistory(database, { space: this.#spaceId(space), path }));
  }

  /** The revisions of a space. */
  revisions(
    space: string,
    { before = Number.MAX_SAFE_INTEGER, limit = Number.MAX_SAFE_INTEGER }: RevisionsOptions = {},
  ): Promise<RevisionRecord[]> {
    return this.#attempt("read", (database) => readRevisions(database, { space: this.#spaceId(space), before, limit }));
  }

  /** The chunk list of a content. */
  manifest(content: Hash): Promise<Manifest | undefined> {
    return this.#attempt("read", (database) => readManifest(database, content));
  }

  /** Every version of every file in every space. */
  async *files({ keptAtMs }: FilesOptions = {}): AsyncGenerator<FileVersion[]> {
    try {
      using reader = this.#readers.borrow();
      const { database } = reader;
      using _ = database.snapshot();
      for (const space of allSpaces(database)) {
        const limits = keptAtMs === undefined ? undefined : limitsAt(database, space, keptAtMs);
        yield* sqliteFiles(database, space, limits);
      }
    } catch (cause) {
      throw sqliteFailure(`read ${JSON.stringify(this.#path)}`, cause);
    }
  }

  /** The rule by which a space keeps superseded versions. */
  retention(space: string): Promise<Retention> {
    return this.#attempt("read", (database) => readRetention(database, this.#spaceId(space)));
  }

  /** Sets the rule by which a space keeps superseded versions. */
  setRetention(space: string, rule: RetentionRule): Promise<Retention> {
    return this.#attempt("write to", (database) => {
      checkRule(rule);
      writeRetention(database, this.#spaceId(space), rule);
      return readRetention(database, this.#spaceId(space));
    });
  }

  /** Removes the versions of a space that its rule does not keep. */
  async prune(space: string, { nowMs, dryRun = false }: PruneOptions): Promise<PruneReceipt> {
    let versions = 0;
    const id = await this.#attempt("read", () => this.#spaceId(space));
    for (let after: typeof historyStart | undefined = historyStart; after !== undefined;) {
      const place: typeof historyStart = after;
      const page = await this.#attempt("prune", (database) =>
        database.writing(() => {
          // Asked again on each page: the rule may be changed meanwhile.
          const limits = limitsAt(database, knownSpace(database, space), nowMs);
          return limits && prunePage(database, { space: id, limits, after: place, dryRun });
        }));
      versions += page?.versions ?? 0;
      after = page?.next;
      if (after !== undefined) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return { versions };
  }

  /** Removes chunk lists that nothing names. */
  async pruneManifests(options: ManifestPruneOptions): Promise<ManifestPruneReceipt> {
    let [condemned, removed] = [0, 0];
    let after: Hash | undefined;
    do {
      const found = await this.#findUnnamedLists(after);
      for (let from = 0; from < found.contents.length; from += listsPerPage) {
        const page = found.contents.slice(from, from + listsPerPage);
        const pruned = await this.#attempt(
          "prune",
          (database) => database.writing(() => pruneLists(database, page, { ...options, ...found })),
        );
        condemned += pruned.condemned;
        removed += pruned.removed;
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      after = found.next;
    } while (after !== undefined);
    return { condemned, removed };
  }

  /** Applies a commit whole or not at all. */
  commit(space: string, commit: Commit): Promise<Result<CommitReceipt, CommitRefusal>> {
    return this.#attempt("commit to", (database) => {
      checkManifests(commit.manifests);
      return database.writing<Result<CommitReceipt, CommitRefusal>>(() => {
        const found = findSpace(database, space);
        return found ? sqliteCommit(database, { space: found, commit }) : err({ reason: "no_space" });
      });
    });
  }

  /** Closes the database; readers that are not done may read on to their end. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#attempt("close", (database) => {
      this.#readers[Symbol.dispose]();
      database[Symbol.dispose]();
    });
  }

  async #findUnnamedLists(after: Hash | undefined): Promise<UnnamedLists> {
    try {
      using reader = this.#readers.borrow();
      using _ = reader.database.snapshot();
      return await findUnnamedLists(reader.database, after);
    } catch (cause) {
      throw sqliteFailure(`read ${JSON.stringify(this.#path)}`, cause);
    }
  }

  async *#tree(space: string, revision?: number): AsyncGenerator<DirectoryBatch> {
    try {
      using reader = this.#readers.borrow();
      using _ = reader.database.snapshot();
      const { id, head } = knownSpace(reader.database, space);
      if (revision !== undefined) {
        checkRevision(head, revision);
        checkWhole(space, revision, readRetention(reader.database, id).oldestWhole);
      }
      yield* sqliteTree(reader.database, revision === undefined ? { space: id } : { space: id, revision });
    } catch (cause) {
      throw sqliteFailure(`read ${JSON.stringify(this.#path)}`, cause);
    }
  }

  #spaceId(name: string): number {
    const known = this.#spaceIds.get(name);
    if (known !== undefined) return known;
    const { id } = knownSpace(this.#database, name);
    this.#spaceIds.set(name, id);
    return id;
  }

  #attempt<T>(verb: string, work: (database: SqliteDatabase) => T): Promise<T> {
    try {
      return Promise.resolve(work(this.#database));
    } catch (cause) {
      return Promise.reject(sqliteFailure(`${verb} ${JSON.stringify(this.#path)}`, cause));
    }
  }
}

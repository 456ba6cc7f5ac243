/**
 * The state and history of every space behind one port, `MetadataStore`, in memory and in SQLite. A commit is applied
 * whole or not at all, only if nothing crosses it that came after its base, and only if it leaves a tree; every directory
 * carries the Merkle hash of what lies in it. Each store keeps the newest version of every path that ever was, a deletion
 * being a version too, and beside it the versions that were superseded, so any past state can be read, as far as the rule of
 * the space keeps it.
 *
 * What a commit does is worked out by `planCommit`, a pure function that all stores share; a store only looks up and
 * writes rows.
 *
 * @module
 */
export { type MemorySpace } from "./memory_space.ts";
export { MemoryMetadataStore } from "./memory_store.ts";
export type {
  Change,
  ChangedPaths,
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
export {
  checkRule,
  type ManifestPruneOptions,
  type ManifestPruneReceipt,
  type PruneReceipt,
  type Retention,
  type RetentionRule,
} from "./retention.ts";
export { type Row } from "./row.ts";
export { openSqliteStore, SqliteMetadataStore, type SqliteStoreOptions } from "./sqlite_store.ts";

/**
 * What dfs knows of files: entries, their chunk lists and Merkle hashes, and the store that holds the state and history
 * of every space behind one port, `MetadataStore`. The contents themselves are not here but in `storage`, and no rule of
 * synchronization is; a store only makes sure that a commit is atomic, current and leaves a tree.
 *
 * @module
 */
export {
  checkConflictRules,
  conflictPolicies,
  type ConflictPolicy,
  type ConflictRule,
  type ConflictRules,
  conflictRulesBytesMax,
  formatConflictRules,
  joinConflictRules,
  noConflictRules,
  patternProblem,
  readConflictRules,
} from "./conflict_rules.ts";
export {
  type DirectoryEntry,
  type Entry,
  type FileEntry,
  sameContent,
  sameEntry,
  type SymlinkEntry,
  withTime,
} from "./entry.ts";
export {
  type EntryKind,
  entryKinds,
  type FileMetadata,
  type Replica,
  type SyncState,
  type SyncStatus,
  syncStatuses,
} from "./file_metadata.ts";
export { compareTimes, type FileTime, fileTime, nsPerMs, sameTime, timeOf } from "./file_time.ts";
export { type ChunkRef, chunkRefBytes, emptyContent, fileChunksMax, Manifest } from "./manifest.ts";
export {
  type Change,
  type ChangedPaths,
  checkRule,
  type Commit,
  type CommitReceipt,
  type CommitRefusal,
  type DirectoryBatch,
  type FilesOptions,
  type FileVersion,
  type ManifestPruneOptions,
  type ManifestPruneReceipt,
  MemoryMetadataStore,
  type MetadataStore,
  openSqliteStore,
  type PruneOptions,
  type PruneReceipt,
  type Retention,
  type RetentionRule,
  type RevisionRecord,
  type RevisionsOptions,
  type SpaceHead,
  SqliteMetadataStore,
  type SqliteStoreOptions,
  type StoredEntry,
  type VersionRecord,
} from "./store/mod.ts";
export { compareNames, directoryHash, emptyTree, type HashedChild } from "./tree_hash.ts";

/**
 * The repository of `FileMetadata`: what is known of every path of every space, in memory and in SQLite behind one port.
 *
 * Two things are known of a path. What is **committed** lives in the tree of its space, and is metadata as it stands:
 * `synced`, its hash the SHA-256 of the content. (A file of several chunks is named by its chunk list; its SHA-256 is
 * worked out when somebody first asks, and kept.) What is **announced** is said of content that the server does not hold
 * yet: a record beside the tree, which no Merkle hash, revision or snapshot knows of. It is `pending` where nothing is
 * committed, `modified` over something that is, or `conflict` if it says so; and it stands until a commit changes the
 * path. From then on the tree speaks, the announcement is history. So nobody has to tell a repository of commits, and
 * nothing that is announced can make two trees differ or name a chunk that is not stored.
 *
 * Versions of a path only grow: an announcement gets one beyond all before it. A commit counts on in its own row, so a
 * version can be announced first and committed later under the same number; their status tells them apart, and the
 * compare of compare-and-set takes it in (`ExpectedVersion`).
 *
 * What a transaction does is worked out by `planTransaction`, a pure function that both implementations share. Lists are
 * in the order of (folder, name), in which both sides are stored, so a page is two short scans wherever it begins.
 *
 * @module
 */
export { Glob, globUnitsMax } from "./glob.ts";
export { MemoryMetadataRepository } from "./memory_repository.ts";
export type {
  ExpectedVersion,
  ListQuery,
  MetadataPage,
  MetadataRepository,
  MetadataVersion,
  PathMetadata,
  Step,
  StepReceipt,
  StepRefusal,
  Transaction,
} from "./metadata_repository.ts";
export { serverNode } from "./path_state.ts";
export { versionMax } from "./plan_transaction.ts";
export { openSqliteRepository, SqliteMetadataRepository } from "./sqlite_repository.ts";

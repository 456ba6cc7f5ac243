import type { Hash, SafePath } from "../core/mod.ts";
import type { FileTime } from "./file_time.ts";

/**
 * How one entry stands to the replicas of its space.
 *
 * - `synced`: every replica that is listed holds this version.
 * - `pending`: known, its content is still on the way.
 * - `modified`: changed on a replica and not yet committed.
 * - `conflict`: changed on two sides, waiting for a decision.
 * - `deleted`: a tombstone; the entry is gone, its history is not.
 */
export type SyncStatus = "synced" | "pending" | "modified" | "conflict" | "deleted";

/** Every {@linkcode SyncStatus}, in the order of their codes in stored forms. */
export const syncStatuses: readonly SyncStatus[] = ["synced", "pending", "modified", "conflict", "deleted"];

/** What an entry is on disk. */
export type EntryKind = "file" | "directory" | "symlink";

/** Every {@linkcode EntryKind}, in the order of their codes in stored forms. */
export const entryKinds: readonly EntryKind[] = ["file", "directory", "symlink"];

/** One node that holds a copy of an entry. */
export interface Replica {
  /** The name of the node: its client id, or the name of a server; not empty. */
  readonly node: string;
  /** The version of the entry that the node holds. */
  readonly version: number;
}

/** Where an entry stands: its status, and who holds which version. */
export interface SyncState {
  /** How the entry stands to its replicas. */
  readonly status: SyncStatus;
  /** The nodes that hold a copy, each at most once. */
  readonly replicas: readonly Replica[];
}

/** What is known of one path of a space. All numbers are safe integers. */
export interface FileMetadata extends FileTime {
  /** The path inside the space. */
  readonly path: SafePath;
  /** What the entry is. */
  readonly kind: EntryKind;
  /** Length of the content in bytes; 0 for a directory, the length of the target for a symlink where it is known. */
  readonly size: number;
  /** SHA-256 of the whole content. Only files have one; a file without it has not been hashed yet. */
  readonly hash?: Hash;
  /** What a symlink points to, as it stands on disk; not empty, without NUL. Only symlinks have one. */
  readonly target?: string;
  /** The permission bits, 0 to 0o7777. */
  readonly mode: number;
  /** The per-path counter inside the space; the first version is 1, and 0 stands for one that is not committed yet. */
  readonly version: number;
  /** Who last changed the entry, where that is known; not empty. */
  readonly owner?: string;
  /** Where the entry stands. */
  readonly syncState: SyncState;
}

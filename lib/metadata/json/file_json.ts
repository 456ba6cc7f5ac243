import { formatHash } from "../../core/mod.ts";
import { formatTimestamp, timestampMsMax, timestampMsMin } from "../ddl/timestamp.ts";
import type { EntryKind, FileMetadata, Replica, SyncStatus } from "../file_metadata.ts";

/** Metadata of one path as the JSON API tells it; {@linkcode readFileJson} reads it back. */
export interface FileJson {
  /** The path inside the space, without a leading slash. */
  readonly file_path: string;
  /** What lives there. */
  readonly kind: EntryKind;
  /** Length in bytes. */
  readonly size: number;
  /** `sha256:` and 64 hexadecimal digits; null if there is none, or it is not known. */
  readonly hash: string | null;
  /** What a symlink points to; symlinks only. */
  readonly target?: string;
  /** As RFC 3339 writes a time; milliseconds since 1970 where that has no year of four digits. */
  readonly modified_time: string | number;
  /** Permission bits in octal: `"0644"`. */
  readonly mode: string;
  /** Counts the changes of the path. */
  readonly version: number;
  /** Who changed it last, where that is known. */
  readonly owner?: string;
  /** How it stands to its replicas. */
  readonly state: SyncStatus;
  /** Who holds which version. */
  readonly replicas: readonly Replica[];
}

/**
 * Writes metadata as the JSON API tells it.
 *
 * @example
 * ```ts
 * import { fileJson } from "./file_json.ts";
 * import { parseSafePath } from "../../core/mod.ts";
 * import { assertEquals } from "@std/assert";
 * const path = parseSafePath("src");
 * if (!path.ok) throw new Error(path.error);
 * const syncState = { status: "synced", replicas: [] } as const;
 * assertEquals(fileJson({ path: path.value, kind: "directory", size: 0, mtimeMs: 0, mode: 0o755, version: 1, syncState }), {
 *   file_path: "src",
 *   kind: "directory",
 *   size: 0,
 *   hash: null,
 *   modified_time: "1970-01-01T00:00:00Z",
 *   mode: "0755",
 *   version: 1,
 *   state: "synced",
 *   replicas: [],
 * });
 * ```
 */
export function fileJson(metadata: FileMetadata): FileJson {
  const { path, kind, size, hash, target, mtimeMs, mtimeRestNs, mode, version, owner, syncState } = metadata;
  return {
    file_path: path,
    kind,
    size,
    hash: hash === undefined ? null : formatHash(hash),
    ...(target === undefined ? {} : { target }),
    modified_time: timeJson(mtimeMs, mtimeRestNs),
    mode: mode.toString(8).padStart(4, "0"),
    version,
    ...(owner === undefined ? {} : { owner }),
    state: syncState.status,
    replicas: syncState.replicas,
  };
}

/**
 * Writes a time as the JSON API tells it.
 *
 * @param ms Milliseconds since 1970.
 * @param restNs Nanoseconds after them; left out where the time has no year of four digits.
 */
export function timeJson(ms: number, restNs = 0): string | number {
  return ms >= timestampMsMin && ms <= timestampMsMax ? formatTimestamp(ms, restNs) : ms;
}

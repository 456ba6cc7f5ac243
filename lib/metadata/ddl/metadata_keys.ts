import type { EntryKind } from "../file_metadata.ts";

/** The key that a document of metadata consists of. */
export const rootKey = "file_metadata";

/** The keys of an entry, in the order in which they are printed. */
export const entryKeys = [
  "name",
  "kind",
  "version",
  "size",
  "hash",
  "target",
  "last_modified",
  "mode",
  "owner",
  "sync_state",
] as const;

/** The keys of `sync_state`, in the order in which they are printed. */
export const syncStateKeys = ["status", "replicas"] as const;

/** The keys of a replica, in the order in which they are printed. */
export const replicaKeys = ["node", "version"] as const;

/** The permission bits of an entry that does not name its own. */
export const defaultModes: { readonly [kind in EntryKind]: number } = {
  file: 0o644,
  directory: 0o755,
  symlink: 0o777,
};

/** What a hash looks like that an example leaves out; it reads as no hash. */
export const elidedHash = "sha256:...";

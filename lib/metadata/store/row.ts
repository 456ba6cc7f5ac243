import { type Hash, joinPath, type SafePath } from "../../core/mod.ts";
import type { Entry } from "../entry.ts";
import type { StoredEntry } from "./metadata_store.ts";

/** One version of one path as a store keeps it: a {@linkcode StoredEntry} without its directory, or a tombstone. */
export interface Row {
  /** The last name of the path. */
  readonly name: string;
  /** `undefined` in a tombstone: the version that a deletion makes. */
  readonly entry: Entry | undefined;
  /** Counts the changes of the path, from 1. */
  readonly version: number;
  /** The revision that made this version. */
  readonly revision: number;
  /** Of a directory that lives now: the Merkle hash of what lies in it. */
  readonly tree?: Hash | undefined;
}

/** A {@linkcode Row} that is no tombstone. */
export interface LiveRow extends Row {
  /** What lives there. */
  readonly entry: Entry;
}

/** Says whether a row is of something that lives, and no tombstone. */
export function isLive(row: Row): row is LiveRow {
  return row.entry !== undefined;
}

/** What a reader gets to see of a row that lives now. */
export function storedEntry(directory: SafePath, row: LiveRow): StoredEntry {
  const past = pastEntry(directory, row);
  return row.tree === undefined ? past : { ...past, tree: row.tree };
}

/** What a reader gets to see of a row that lived at a revision: the Merkle hash is that of now, so it is left out. */
export function pastEntry(directory: SafePath, { name, entry, version, revision }: LiveRow): StoredEntry {
  return { path: joinPath(directory, name), entry, version, revision };
}

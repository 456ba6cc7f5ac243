import type { Hash } from "../../core/mod.ts";
import { type Entry, sameEntry } from "../entry.ts";
import { compareNames, emptyTree } from "../tree_hash.ts";
import { isLive, type LiveRow, type Row } from "./row.ts";

/** What is wanted of one directory. */
export interface DirectoryWishes {
  /** By name the entry to put, or `undefined` to delete what lives there. */
  readonly entries: ReadonlyMap<string, Entry | undefined>;
  /** By name the new Merkle hash of subdirectories in which something changes. */
  readonly trees: ReadonlyMap<string, Hash>;
  /** The revision that new versions are made by. */
  readonly revision: number;
}

/** What becomes of one directory. */
export interface DirectoryPlan {
  /** The new versions of its children, sorted by name. */
  readonly changes: readonly VersionChange[];
  /** The subdirectories that keep their version, with their new Merkle hash. */
  readonly trees: readonly { readonly name: string; readonly tree: Hash }[];
  /** The children that live afterwards, sorted by name. */
  readonly live: readonly LiveRow[];
  /** Names among the wished-for trees at which no directory lives afterwards. */
  readonly homeless: readonly string[];
}

/** A new version of a child. */
export interface VersionChange {
  /** The version before it; `undefined` if it is the first. */
  readonly before: Row | undefined;
  /** The new version. */
  readonly after: Row;
}

/**
 * Applies what is wanted to the children of one directory. A put of what is there already and a deletion of what is not
 * make no version.
 *
 * @param rows All rows of the directory, tombstones too, in any order.
 */
export function planDirectory(rows: readonly Row[], wishes: DirectoryWishes): DirectoryPlan {
  const wished = new Map<string, Row>();
  const live: LiveRow[] = [];
  for (const row of rows) {
    if (wishes.entries.has(row.name) || wishes.trees.has(row.name)) wished.set(row.name, row);
    else if (isLive(row)) live.push(row);
  }
  const changes: VersionChange[] = [];
  for (const [name, entry] of wishes.entries) {
    const before = wished.get(name);
    if (sameEntry(before?.entry, entry)) continue;
    const version = (before?.version ?? 0) + 1;
    const tree = entry?.kind === "directory" ? wishes.trees.get(name) ?? before?.tree ?? emptyTree : undefined;
    const after: Row = { name, entry, version, revision: wishes.revision, tree };
    wished.set(name, after);
    changes.push({ before, after });
  }
  const trees: { name: string; tree: Hash }[] = [];
  const homeless: string[] = [];
  for (const [name, tree] of wishes.trees) {
    const row = wished.get(name);
    if (row?.entry?.kind !== "directory") homeless.push(name);
    else if (row.tree !== tree) {
      wished.set(name, { ...row, tree });
      trees.push({ name, tree });
    }
  }
  return {
    changes: changes.sort((a, b) => compareNames(a.after.name, b.after.name)),
    trees,
    live: live.concat([...wished.values()].filter(isLive)).sort((a, b) => compareNames(a.name, b.name)),
    homeless,
  };
}

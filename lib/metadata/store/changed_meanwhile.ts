import { parentPath, type SafePath } from "../../core/mod.ts";
import { compareNames } from "../tree_hash.ts";
import type { Commit, CommitRefusal } from "./metadata_store.ts";

/** A path that changed after some revision. */
export interface ChangedPath {
  /** The path. */
  readonly path: SafePath;
  /** Whether a directory lives there now. */
  readonly isDirectory: boolean;
}

/** What happened since a commit was decided on. */
export interface Meanwhile {
  /** The revision that the space is at. */
  readonly head: number;
  /** Every path that changed after the commit's base, in any order; read only if the head is beyond the base. */
  readonly changed: Iterable<ChangedPath>;
}

/**
 * The compare of compare-and-set: refuses a commit that changes after its base cross.
 *
 * A change crosses if it is at a path of the commit, directly in a directory that the commit deletes or replaces, or if
 * it took away a directory that something is put into. (Deeper changes in a deleted directory cross as well, since a
 * directory is deleted together with every directory in it.) A base beyond the head is of a history that this store
 * does not know, so all paths of the commit count as changed.
 */
export function changedMeanwhile(commit: Commit, { head, changed }: Meanwhile): CommitRefusal | undefined {
  if (commit.baseRevision === head) return undefined;
  const paths = commit.baseRevision > head
    ? [...new Set([...commit.puts.keys(), ...commit.deletes])]
    : crossingPaths(commit, changed);
  return paths.length === 0 ? undefined : { reason: "changed_meanwhile", head, paths: paths.sort(compareNames) };
}

function crossingPaths(commit: Commit, changed: Iterable<ChangedPath>): SafePath[] {
  const needed = directoriesAbove(commit.puts.keys());
  const crossing: SafePath[] = [];
  for (const { path, isDirectory } of changed) {
    const crosses = commit.puts.has(path) || commit.deletes.has(path) || goes(commit, parentPath(path)) ||
      (!isDirectory && needed.has(path));
    if (crosses) crossing.push(path);
  }
  return crossing;
}

/** Says whether a commit leaves no directory at a path at which it changes something. */
function goes(commit: Commit, path: SafePath): boolean {
  const put = commit.puts.get(path);
  return put === undefined ? commit.deletes.has(path) : put.kind !== "directory";
}

/** Every directory on the way to any of the paths. */
function directoriesAbove(paths: Iterable<SafePath>): Set<SafePath> {
  const directories = new Set<SafePath>();
  for (const path of paths) {
    let directory = parentPath(path);
    while (directory !== "" && !directories.has(directory)) {
      directories.add(directory);
      directory = parentPath(directory);
    }
  }
  return directories;
}

import { baseName, joinPath, parentPath, rootPath, type SafePath } from "../core/mod.ts";
import { type Entry, sameContent, sameEntry } from "../metadata/mod.ts";
import { getNode, type Node, type Tree, walkTree } from "./tree.ts";

/** What turns one tree into another. */
export interface TreeDiff<N extends Node = Node> {
  /** What lives at a path from now on, where that is new or different. */
  readonly puts: Map<SafePath, N>;
  /** What lives there no more; everything in a directory that goes is named too. */
  readonly deletes: Set<SafePath>;
}

/**
 * Compares two trees. Listings that both share are passed over unseen.
 *
 * @returns What turns `before` into `after`.
 */
export function diffTrees<N extends Node>(before: Tree, after: Tree<N>): TreeDiff<N> {
  const puts = new Map<SafePath, N>();
  const deletes = new Set<SafePath>();
  for (const [directory, listing] of after) {
    const old = before.get(directory);
    if ((listing as unknown) === old) continue;
    for (const [name, node] of listing) {
      if (!sameEntry(old?.get(name)?.entry, node.entry)) puts.set(joinPath(directory, name), node);
    }
  }
  for (const [directory, old] of before) {
    const listing = after.get(directory);
    if ((listing as unknown) === old) continue;
    for (const name of old.keys()) if (!listing?.has(name)) deletes.add(joinPath(directory, name));
  }
  return { puts, deletes };
}

/** Says whether a comparison found nothing. */
export function isSame(diff: TreeDiff): boolean {
  return diff.puts.size === 0 && diff.deletes.size === 0;
}

/** A change as people think of it. */
export interface PathChange {
  /** Where it happened. */
  readonly path: SafePath;
  /** `touched`: only times or permissions differ. */
  readonly change: "added" | "modified" | "deleted" | "touched";
  /** What lives there afterwards, or of a deletion, before. */
  readonly entry: Entry;
}

/** Lists a comparison for people, sorted by path. */
export function describeDiff(diff: TreeDiff, before: Tree): PathChange[] {
  const changes: PathChange[] = [];
  for (const [path, { entry }] of diff.puts) {
    const old = getNode(before, path)?.entry;
    const change = old === undefined ? "added" : sameContent(old, entry) ? "touched" : "modified";
    changes.push({ path, change, entry });
  }
  for (const path of diff.deletes) {
    const old = getNode(before, path)?.entry;
    if (old !== undefined) changes.push({ path, change: "deleted", entry: old });
  }
  return changes.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

/** How many files, not directories and links, a comparison deletes. */
export function deletedFiles(diff: TreeDiff, before: Tree): number {
  let count = 0;
  for (const path of diff.deletes) {
    if (before.get(parentPath(path))?.get(baseName(path))?.entry.kind === "file") count++;
  }
  return count;
}

/** How many files, not directories and links, a tree has. */
export function countFiles(tree: Tree): number {
  let count = 0;
  for (const [, node] of walkTree(tree, rootPath)) if (node.entry.kind === "file") count++;
  return count;
}

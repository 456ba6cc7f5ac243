import { baseName, joinPath, parentPath, type SafePath } from "../core/mod.ts";
import { type Entry, sameContent, sameEntry } from "../metadata/mod.ts";
import { eachFile, getNode, type Node, type Tree } from "./tree.ts";

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
  /** `touched`: only times or permissions differ; `moved`: the same content lived elsewhere before. */
  readonly change: "added" | "modified" | "deleted" | "touched" | "moved";
  /** Where it lived before, if it was moved. */
  readonly from?: SafePath;
  /** What lives there afterwards, or of a deletion, before. */
  readonly entry: Entry;
}

/** Lists a comparison for people, sorted by path. */
export function describeDiff(diff: TreeDiff, before: Tree): PathChange[] {
  const changes: PathChange[] = [];
  const origins = findMoves(diff, before);
  const left = new Set(origins.values());
  for (const [path, { entry }] of diff.puts) {
    const from = origins.get(path);
    if (from !== undefined) {
      changes.push({ path, change: "moved", from, entry });
      continue;
    }
    const old = getNode(before, path)?.entry;
    const change = old === undefined ? "added" : sameContent(old, entry) ? "touched" : "modified";
    changes.push({ path, change, entry });
  }
  for (const path of diff.deletes) {
    const old = getNode(before, path)?.entry;
    if (old !== undefined && !left.has(path)) changes.push({ path, change: "deleted", entry: old });
  }
  return changes.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

/** For each file that was moved, where it came from. Of several with one content, those that kept their name go first. */
function findMoves(diff: TreeDiff, before: Tree): Map<SafePath, SafePath> {
  const gone = new Map<string, SafePath[]>();
  for (const path of diff.deletes) {
    const entry = getNode(before, path)?.entry;
    if (entry?.kind !== "file" || entry.size === 0) continue;
    const paths = gone.get(entry.content);
    if (paths === undefined) gone.set(entry.content, [path]);
    else paths.push(path);
  }
  const origins = new Map<SafePath, SafePath>();
  if (gone.size === 0) return origins;
  const take = (path: SafePath, content: string, fits: (from: SafePath) => boolean): void => {
    const paths = gone.get(content);
    const at = paths?.findIndex(fits) ?? -1;
    if (at >= 0) origins.set(path, paths!.splice(at, 1)[0]!);
  };
  const added = [...diff.puts].filter(([path, { entry }]) => {
    return entry.kind === "file" && getNode(before, path) === undefined && gone.has(entry.content);
  });
  for (const fits of [(from: SafePath, path: SafePath) => baseName(from) === baseName(path), () => true]) {
    for (const [path, { entry }] of added) {
      if (entry.kind === "file" && !origins.has(path)) take(path, entry.content, (from) => fits(from, path));
    }
  }
  return origins;
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
  eachFile(tree, () => count++);
  return count;
}

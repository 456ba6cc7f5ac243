import { baseName, type Hash, joinPath, parentPath, rootPath, type SafePath } from "../core/mod.ts";
import type { DirectoryLook } from "./directory_look.ts";
import { compareNames, directoryHash, type Entry, type HashedChild } from "../metadata/mod.ts";

/** Anything that has its place in a tree: an entry, perhaps with more that is known of it. */
export interface Node {
  /** The file, directory or symbolic link that lives there. */
  readonly entry: Entry;
}

/** What lies in a directory, by name. */
export interface Listing<N extends Node> extends ReadonlyMap<string, N> {
  /**
   * Whether a look found the very same, as far as the platform tells; where it does not know, it says no. Only listings that
   * can tell without making their nodes have this.
   *
   * @param keepsModes Whether the platform has permission bits.
   */
  isAs?(look: DirectoryLook, keepsModes: boolean): boolean;
  /** Tells the files in it, by their length and what names their content: what it can do without making its nodes. */
  eachFile?(tell: FileListener): void;
}

/** Told of a file: its length in bytes, and what gives the hash that names its content. */
export type FileListener = (size: number, content: () => Hash) => void;

/**
 * A whole tree in memory: for each directory that exists, the root included, what lies in it by name. Every directory
 * is a node in its parent's listing and has a listing of its own.
 *
 * Trees share listings: one that did not change is the very same `Map` in the tree before and the tree after, and is
 * not looked into again. So a listing that is already part of a tree is never written to, but copied first.
 */
export type Tree<N extends Node = Node> = Map<SafePath, Listing<N>>;

/** A tree with nothing in it. */
export function emptyTreeOf<N extends Node>(): Tree<N> {
  return new Map([[rootPath, new Map<string, N>()]]);
}

/** What lives at a path, or `undefined`. */
export function getNode<N extends Node>(tree: Tree<N>, path: SafePath): N | undefined {
  return tree.get(parentPath(path))?.get(baseName(path));
}

/** All nodes below a directory, each directory before what lies in it. */
export function* walkTree<N extends Node>(tree: Tree<N>, directory: SafePath = rootPath): Generator<[SafePath, N]> {
  const pending = [directory];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    for (const [name, node] of tree.get(current) ?? []) {
      const path = joinPath(current, name);
      yield [path, node];
      if (node.entry.kind === "directory") pending.push(path);
    }
  }
}

/** Tells all nodes of a tree, in any order: for whoever needs no paths, in a fifth of the time of walking. */
export function eachNode<N extends Node>(
  tree: Tree<N>,
  tell: (node: N, name: string, directory: SafePath) => void,
): void {
  for (const [directory, listing] of tree) for (const [name, node] of listing) tell(node, name, directory);
}

/** Tells all files of a tree, in any order, without making nodes of what was not looked into. */
export function eachFile(tree: Tree, tell: FileListener): void {
  for (const listing of tree.values()) {
    if (listing.eachFile !== undefined) listing.eachFile(tell);
    else for (const { entry } of listing.values()) if (entry.kind === "file") tell(entry.size, () => entry.content);
  }
}

/** How many nodes a tree has. */
export function countNodes(tree: Tree): number {
  return tree.values().reduce((sum, listing) => sum + listing.size, 0);
}

/**
 * A tree with some paths changed; the one given stays as it is and shares what did not change.
 *
 * @param changes What lives at each path from now on; `undefined` for nothing. A directory that goes takes what lies in
 * it along.
 */
export function withChanges<N extends Node>(
  tree: Tree<N>,
  changes: Iterable<readonly [SafePath, N | undefined]>,
): Tree<N> {
  const next: Tree<N> = new Map(tree);
  const own = new Map<SafePath, Map<string, N>>();
  const listingOf = (directory: SafePath): Map<string, N> => {
    let listing = own.get(directory);
    if (listing === undefined) {
      listing = new Map(next.get(directory));
      own.set(directory, listing);
      next.set(directory, listing);
    }
    return listing;
  };
  const dropBelow = (directory: SafePath): void => {
    const pending = [directory];
    for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
      for (const [name, node] of next.get(current) ?? []) {
        if (node.entry.kind === "directory") pending.push(joinPath(current, name));
      }
      next.delete(current);
      own.delete(current);
    }
  };
  for (const [path, node] of inTreeOrder(changes)) {
    // It may have gone with the folder above: a listing made for it would be of a folder that is none.
    if (node === undefined && !next.get(parentPath(path))?.has(baseName(path))) continue;
    const listing = listingOf(parentPath(path));
    if (node === undefined) listing.delete(baseName(path));
    else listing.set(baseName(path), node);
    if (node?.entry.kind !== "directory") dropBelow(path);
    else if (!next.has(path)) next.set(path, new Map());
  }
  return next;
}

/**
 * A tree with the names in some directories in another order; the one given stays as it is.
 *
 * @param orders By directory, its names in the order to have; others come behind them.
 */
export function inOrder<N extends Node>(
  tree: Tree<N>,
  orders: Iterable<readonly [SafePath, readonly string[]]>,
): Tree<N> {
  const next: Tree<N> = new Map(tree);
  for (const [directory, names] of orders) {
    const listing = tree.get(directory);
    if (listing === undefined) continue;
    const ordered = new Map<string, N>();
    for (const name of names) {
      const node = listing.get(name);
      if (node !== undefined) ordered.set(name, node);
    }
    for (const [name, node] of ordered.size === listing.size ? [] : listing) ordered.set(name, node);
    next.set(directory, ordered);
  }
  return next;
}

/** Deletions first, so that what replaces a folder is not taken away again; then a directory before what lies in it. */
function inTreeOrder<N extends Node>(
  changes: Iterable<readonly [SafePath, N | undefined]>,
): (readonly [SafePath, N | undefined])[] {
  const all = [...changes];
  const gone = all.filter(([, node]) => node === undefined);
  const there = all.filter(([, node]) => node !== undefined);
  return [...gone, ...there.sort(([a], [b]) => compareNames(a, b))];
}

/** A tree whose hashes are known. */
export interface HashedTree {
  /** The tree that the hashes are of. */
  readonly tree: Tree;
  /** The Merkle hash of each directory. */
  readonly hashes: ReadonlyMap<SafePath, Hash>;
}

/**
 * The Merkle hash of every directory of a tree, bottom up.
 *
 * @param before An earlier tree: directories that it shares with everything below them are not hashed again.
 * @returns The hashes by directory; that of the root is the tree's.
 */
export function treeHashes(tree: Tree, before?: HashedTree): Map<SafePath, Hash> {
  const hashes = new Map<SafePath, Hash>();
  if (before !== undefined) {
    const changed = changedDirectories(tree, before.tree);
    for (const [directory, hash] of before.hashes) {
      if (tree.has(directory) && !changed.has(directory)) hashes.set(directory, hash);
    }
  }
  const visit = (directory: SafePath): Hash => {
    const known = hashes.get(directory);
    if (known !== undefined) return known;
    const hash = directoryHash(children(directory));
    hashes.set(directory, hash);
    return hash;
  };
  const children = (directory: SafePath): HashedChild[] => {
    const listing = tree.get(directory) ?? new Map<string, Node>();
    // As compareNames() orders them, and in half the time.
    return [...listing.keys()].sort().map((name) => {
      const { entry } = listing.get(name)!;
      return entry.kind === "directory" ? { name, entry, tree: visit(joinPath(directory, name)) } : { name, entry };
    });
  };
  visit(rootPath);
  return hashes;
}

/** Directories that are not shared with an earlier tree, or have one below them that is not. */
function changedDirectories(tree: Tree, before: Tree): Set<SafePath> {
  const changed = new Set<SafePath>();
  for (const [directory, listing] of tree) {
    if (before.get(directory) === listing) continue;
    for (let path = directory; !changed.has(path); path = parentPath(path)) {
      changed.add(path);
      if (path === rootPath) break;
    }
  }
  return changed;
}

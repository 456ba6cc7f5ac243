import fc from "fast-check";
import { baseName, joinPath, parentPath, rootPath, type SafePath } from "../../lib/core/mod.ts";
import { compareNames, type Entry } from "../../lib/metadata/mod.ts";
import { type Node, type Tree, walkTree } from "../../lib/sync/mod.ts";
import { at, directory, file, symlink } from "../metadata/store/fixtures.ts";

/** Builds a tree from its entries by path; folders on the way are made. */
export function treeOf(entries: Readonly<Record<string, Entry>>): Tree {
  const tree = new Map<SafePath, Map<string, Node>>([[rootPath, new Map()]]);
  const put = (path: SafePath, entry: Entry): void => {
    const parent = parentPath(path);
    if (!tree.has(parent)) put(parent, directory());
    tree.get(parent)!.set(baseName(path), { entry });
    if (entry.kind === "directory" && !tree.has(path)) tree.set(path, new Map());
  };
  for (const [path, entry] of Object.entries(entries)) put(at(path), entry);
  return tree;
}

/** The entries of a tree by path, sorted; makes sure that it has a listing for each folder, and for nothing else. */
export function entriesOf(tree: Tree): Record<string, Entry> {
  const entries = [...walkTree(tree)].map(([path, { entry }]) => [path, entry] as const);
  entries.sort(([a], [b]) => compareNames(a, b));
  const folders = new Set([rootPath, ...entries.flatMap(([path, { kind }]) => kind === "directory" ? [path] : [])]);
  const listings = new Set(tree.keys());
  if (folders.symmetricDifference(listings).size > 0) {
    throw new Error(`The tree has the folders ${[...folders].join()} and the listings ${[...listings].join()}`);
  }
  return Object.fromEntries(entries);
}

const anyPath = fc.array(fc.constantFrom("a", "a-", "b", "\u{1f600}"), { minLength: 1, maxLength: 3 });
const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.constantFrom("1", "22", "333").map((text) => file(text)),
  fc.constantFrom(0o755, 0o700).map(directory),
  fc.constantFrom("a", "b").map(symlink),
);

/** Any small tree, its files, folders and links at the same few paths again and again. */
export const anyTree: fc.Arbitrary<Tree> = treesOf(anyEntry);

/** Any small tree of the given entries. */
export function treesOf(entry: fc.Arbitrary<Entry>): fc.Arbitrary<Tree> {
  return fc.array(fc.tuple(anyPath, entry), { maxLength: 12 }).map((drafts) => {
    const entries: Record<string, Entry> = {};
    for (const [names, entry] of drafts) {
      let path = rootPath;
      let free = true;
      for (const name of names) {
        const above = path === rootPath ? undefined : entries[path] ??= directory();
        free &&= above === undefined || above.kind === "directory";
        path = joinPath(path, name);
      }
      if (free) entries[path] ??= entry;
    }
    return treeOf(entries);
  });
}

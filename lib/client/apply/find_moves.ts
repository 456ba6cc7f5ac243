import type { SafePath } from "../../core/mod.ts";
import type { FileEntry } from "../../metadata/mod.ts";
import { getNode, type LocalNode, type Tree, type TreeDiff } from "../../sync/mod.ts";
import { inTheWayOf } from "./in_the_way.ts";

/**
 * Finds files that only take another place: where one is to come, and the very same is to go elsewhere. Nothing of it has
 * to be read or written.
 *
 * @param files What is to come to paths that hold something else now.
 * @returns By each new path, where the file lies; no file is named twice.
 */
export function findMoves(
  files: Iterable<readonly [SafePath, FileEntry]>,
  { diff, local, foldsNames }: {
    readonly diff: TreeDiff;
    /** The folder as it is. A file that may have changed since it was read is left out. */
    readonly local: Tree<LocalNode>;
    /** Whether names that differ only in capitals are one name here. */
    readonly foldsNames: boolean;
  },
): Map<SafePath, SafePath> {
  const inTheWay = inTheWayOf(diff, { local, foldsNames });
  const going = new Map<string, SafePath[]>();
  for (const path of diff.deletes) {
    const node = getNode(local, path);
    if (node?.entry.kind !== "file" || node.stamp === undefined || inTheWay(path)) continue;
    const same = going.get(keyOf(node.entry));
    if (same === undefined) going.set(keyOf(node.entry), [path]);
    else same.push(path);
  }
  const moves = new Map<SafePath, SafePath>();
  for (const [path, entry] of files) {
    const from = going.get(keyOf(entry))?.pop();
    if (from !== undefined) moves.set(path, from);
  }
  return moves;
}

/** Two files of one key are the same in everything that is kept. */
function keyOf({ content, size, mtimeMs, mtimeRestNs = 0, mode }: FileEntry): string {
  return `${content} ${size} ${mtimeMs} ${mtimeRestNs} ${mode}`;
}

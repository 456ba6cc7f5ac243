import { parentPath, type SafePath } from "../../core/mod.ts";
import { getNode, type Tree, type TreeDiff } from "../../sync/mod.ts";
import { foldName, foldsOnto } from "../folder/mod.ts";

/**
 * Tells which of the paths that are to go must go before anything comes: those that lie where something of another kind is
 * to be, and those whose name is one with that of something new.
 *
 * @param foldsNames Whether names that differ only in capitals are one name here.
 */
export function inTheWayOf(
  diff: TreeDiff,
  { local, foldsNames }: { readonly local: Tree; readonly foldsNames: boolean },
): (path: SafePath) => boolean {
  const comes = new Set(foldsNames ? [...diff.puts.keys()].map(foldName) : []);
  return (path) => hasKindChange(path, diff, local) || (comes.size > 0 && foldsOnto(path, comes, diff.puts));
}

function hasKindChange(path: SafePath, diff: TreeDiff, local: Tree): boolean {
  for (let parent = parentPath(path); parent !== ""; parent = parentPath(parent)) {
    const next = diff.puts.get(parent)?.entry;
    if (next !== undefined && next.kind !== getNode(local, parent)?.entry.kind) return true;
  }
  return false;
}

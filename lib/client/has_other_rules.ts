import { baseName, type SafePath } from "../core/mod.ts";
import { ignoreFileName, type LocalNode, type Scan, type Tree } from "../sync/mod.ts";

/**
 * Whether other things than before may be ignored below some directories: then it is not enough to look into these alone.
 *
 * @param before The folder as it was.
 * @param changed The directories that were looked at.
 */
export function hasOtherRules(scan: Scan, before: Tree<LocalNode>, changed: ReadonlySet<SafePath>): boolean {
  if (scan.unread.some(({ path }) => baseName(path) === ignoreFileName)) return true;
  return changed.values().some((directory) => {
    return before.get(directory)?.get(ignoreFileName) !== scan.tree.get(directory)?.get(ignoreFileName);
  });
}

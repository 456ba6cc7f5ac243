import { ancestors, type SafePath } from "../../core/mod.ts";
import { getNode, type Node, type Tree, type TreeDiff } from "../../sync/mod.ts";

/** What {@linkcode withFolders} looks at. */
export interface FolderSides {
  /** The folder as it is. */
  readonly truth: Tree;
  /** The server's space. */
  readonly server: Tree;
}

/**
 * Adds the folders in which something is to come to lie and that are not here. They are missing from a plan where they
 * hold something on the server that is left aside here, too, and so passed for folders that are here.
 */
export function withFolders(diff: TreeDiff, { truth, server }: FolderSides): TreeDiff {
  const missing = new Map<SafePath, Node>();
  for (const path of diff.puts.keys()) {
    for (const above of ancestors(path)) {
      if (missing.has(above) || diff.puts.has(above) || getNode(truth, above) !== undefined) continue;
      const folder = getNode(server, above);
      if (folder?.entry.kind === "directory") missing.set(above, { entry: folder.entry });
    }
  }
  return missing.size === 0 ? diff : { ...diff, puts: new Map([...missing, ...diff.puts]) };
}

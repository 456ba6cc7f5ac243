import { eachNode, type Tree } from "../sync/mod.ts";

/** How many files a tree has, and how many bytes they hold. */
export function treeTotals(tree: Tree): { readonly files: number; readonly totalBytes: number } {
  let files = 0;
  let totalBytes = 0;
  eachNode(tree, ({ entry }) => {
    if (entry.kind !== "file") return;
    files++;
    totalBytes += entry.size;
  });
  return { files, totalBytes };
}

import { eachFile, type Tree } from "../sync/mod.ts";

/** How many files a tree has, and how many bytes they hold. */
export function treeTotals(tree: Tree): { readonly files: number; readonly totalBytes: number } {
  let files = 0;
  let totalBytes = 0;
  eachFile(tree, (size) => {
    files++;
    totalBytes += size;
  });
  return { files, totalBytes };
}

import { joinPath } from "../../core/mod.ts";
import { getNode, type Tree, type TreeDiff } from "../../sync/mod.ts";
import type { KeptFile } from "./fetch_plan.ts";

/** The files of an earlier tree that a later one does not have as they were. */
export function* goneFiles(before: Tree, now: Tree): Generator<KeptFile> {
  for (const [directory, listing] of before) {
    const present = now.get(directory);
    if (present === listing) continue;
    for (const [name, { entry }] of listing) {
      if (entry.kind !== "file") continue;
      const there = present?.get(name)?.entry;
      if (there?.kind !== "file" || there.content !== entry.content) yield { path: joinPath(directory, name), entry };
    }
  }
}

/** The files of a tree that changes are about to take away, or overwrite with others. */
export function* overwrittenFiles({ puts, deletes }: TreeDiff, tree: Tree): Generator<KeptFile> {
  for (const path of deletes) {
    const entry = getNode(tree, path)?.entry;
    if (entry?.kind === "file") yield { path, entry };
  }
  for (const [path, { entry: next }] of puts) {
    const entry = getNode(tree, path)?.entry;
    if (entry?.kind === "file" && (next.kind !== "file" || next.content !== entry.content)) yield { path, entry };
  }
}

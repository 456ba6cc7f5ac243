import { joinPath, type SafePath } from "../../core/mod.ts";
import { sameContent } from "../entry.ts";
import type { ChangedPaths } from "./metadata_store.ts";
import type { DirectoryChanges } from "./plan_commit.ts";

/** The paths of new versions, by what became of each. */
export function changedPaths(directories: readonly DirectoryChanges[]): ChangedPaths {
  const added = new Set<SafePath>();
  const modified = new Set<SafePath>();
  const deleted = new Set<SafePath>();
  const contents = new Set<SafePath>();
  for (const { directory, changes } of directories) {
    for (const { before, after } of changes) {
      const paths = after.entry === undefined ? deleted : before?.entry === undefined ? added : modified;
      const path = joinPath(directory, after.name);
      paths.add(path);
      if (after.entry?.kind !== "file") continue;
      if (before?.entry === undefined || !sameContent(before.entry, after.entry)) contents.add(path);
    }
  }
  return { added, modified, deleted, contents };
}

/** What a commit changed that changed nothing. */
export const noChangedPaths: ChangedPaths = changedPaths([]);

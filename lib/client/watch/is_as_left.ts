import { Failure, type SafePath } from "../../core/mod.ts";
import { IgnoreRules, readIgnoreFile, scanFolder } from "../../sync/mod.ts";
import { folderTree, hasHollow, type LocalWorkspace } from "../workspace/mod.ts";
import type { TransferOptions } from "../options.ts";

/**
 * Whether some directories are as the last run left them, by just what the next run would go by: what the watcher saw in
 * them, that run did itself. Of a folder that took the place of the one that was watched, nothing is known.
 */
export function isAsLeft(
  workspace: LocalWorkspace,
  changed: ReadonlySet<SafePath>,
  { ignore: patterns = [], skipLinks = false }: Pick<TransferOptions, "ignore" | "skipLinks">,
): boolean {
  const { disk } = workspace;
  const base = workspace.loadBase();
  if (base === undefined || hasHollow(base)) return false;
  const left = folderTree(base);
  try {
    workspace.checkInPlace();
    const ignore = IgnoreRules.of({ patterns, read: (directory) => readIgnoreFile(disk, directory) });
    const { tree, unread, problems } = scanFolder(disk, left, { ignore, skipLinks, changed });
    return tree === left && unread.length === 0 && problems.length === 0;
  } catch (cause) {
    // The run that is to come tells of it.
    if (cause instanceof Failure) return false;
    throw cause;
  }
}

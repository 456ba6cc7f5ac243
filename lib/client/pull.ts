import { Failure } from "../core/mod.ts";
import { diffTrees } from "../sync/mod.ts";
import { pathsShownMax, undonePaths } from "./guards.ts";
import type { TransferOptions } from "./options.ts";
import type { Remote } from "./remote/mod.ts";
import type { SyncReport } from "./report.ts";
import { noChanges, type Sides } from "./plan.ts";
import type { Strategy } from "./strategy.ts";
import { runSync } from "./sync_run.ts";
import type { Workspace } from "./workspace/mod.ts";

/**
 * Makes the folder equal to the server's space.
 *
 * @throws {Failure} kind `refused` if that would undo local changes that were never pushed, or delete a large part of
 * the folder; `not_found` if the server has no such space.
 */
export function pull(workspace: Workspace, remote: Remote, options: TransferOptions): Promise<SyncReport> {
  return runSync(pulling, workspace, remote, options);
}

const pulling: Strategy = {
  direction: "pull",
  uploads: false,
  plan: (sides, { options }) => {
    if (!options.force) refuseUndoing(sides);
    return { toFolder: diffTrees(sides.folder, sides.server), toServer: noChanges(), conflicts: [] };
  },
};

/** Refuses to undo what changed in the folder since both sides agreed, and was never pushed. */
function refuseUndoing({ agreed, folder, server }: Sides): void {
  const undone = undonePaths(diffTrees(agreed, folder), agreed, server);
  if (undone.length === 0) return;
  throw new Failure("refused", `The folder holds ${undone.length} changes that were never pushed`, {
    hint: "Push first, carry changes both ways with dfs sync, or overwrite them with --force",
    details: undone.slice(0, pathsShownMax),
  });
}

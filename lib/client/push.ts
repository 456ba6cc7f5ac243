import { Failure } from "../core/mod.ts";
import { diffTrees, isSame, type Tree, type TreeDiff } from "../sync/mod.ts";
import { nameRulesOf, readFiles, viewFolder } from "./folder/mod.ts";
import { pathsShownMax, undonePaths } from "./guards.ts";
import { settleIntents, type Workspace } from "./workspace/mod.ts";
import type { TransferOptions } from "./options.ts";
import type { Remote } from "./remote/mod.ts";
import { silentProgress, type SyncReport } from "./report.ts";
import { noChanges, type Sides } from "./plan.ts";
import type { RunContext, Strategy } from "./strategy.ts";
import { runSync } from "./sync_run.ts";

/**
 * Makes the server's space equal to the folder, in one commit.
 *
 * @throws {Failure} kind `refused` if that would undo changes on the server that this folder never saw, or delete a
 * large part of it.
 */
export function push(workspace: Workspace, remote: Remote, options: TransferOptions): Promise<SyncReport> {
  return runSync(pushing, workspace, remote, options);
}

const pushing: Strategy = {
  direction: "push",
  uploads: true,
  check: refuseUndoing,
  plan: ({ folder, server }) => {
    const toServer = diffTrees(server, folder);
    refuseBurying(toServer, folder);
    return { toServer, toFolder: noChanges(), conflicts: [], server: folder };
  },
};

/** Refuses to put something in the place of a folder on the server that holds what this folder leaves aside. */
function refuseBurying({ puts }: TreeDiff, folder: Tree): void {
  const buried = [...puts].flatMap(([path, { entry }]) => {
    return entry.kind !== "directory" && (folder.get(path)?.size ?? 0) > 0 ? [path] : [];
  });
  if (buried.length === 0) return;
  throw new Failure("refused", `${buried.length} paths are folders on the server that hold what is ignored here`, {
    hint: "Carry changes both ways with dfs sync, which keeps both",
    details: buried.slice(0, pathsShownMax),
  });
}

/** Refuses to undo what changed on the server since both sides agreed, and never came to this folder. */
async function refuseUndoing({ agreed, server }: Omit<Sides, "folder">, run: RunContext): Promise<void> {
  const { workspace, options, scan, manifest } = run;
  const suspects = diffTrees(agreed, server);
  if (options.force || isSame(suspects)) return;
  const intents = workspace.state.loadIntents();
  const unread = scan.unread.filter(({ path }) => {
    return suspects.puts.has(path) || suspects.deletes.has(path) || intents.folder?.has(path);
  });
  const read = await readFiles(workspace.disk, unread, { clock: options.clock, manifest, progress: silentProgress });
  const folder = viewFolder({
    ...run,
    skipLinks: options.skipLinks ?? false,
    read,
    server,
    names: nameRulesOf(workspace.disk),
  });
  const settled = settleIntents(agreed, intents, { folder: folder.truth, server });
  const undone = undonePaths(diffTrees(settled, server), settled, folder.tree);
  if (undone.length === 0) return;
  const never = workspace.loadBase() === undefined ? "holds" : "changed";
  throw new Failure("refused", `The server ${never} ${undone.length} paths that this folder never pulled`, {
    hint: "Pull first, carry changes both ways with dfs sync, or overwrite the server's with --force",
    details: undone.slice(0, pathsShownMax),
  });
}

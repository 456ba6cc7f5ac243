import { type Clock, rootPath } from "../core/mod.ts";
import {
  describeDiff,
  diffTrees,
  emptyTreeOf,
  type LocalNode,
  type PathChange,
  scanFolder,
  type ScanProblem,
  type Tree,
  treeHashes,
} from "../sync/mod.ts";
import { completeTree, readFiles } from "./read_local.ts";
import type { Remote } from "./remote.ts";
import { emptyHead, readRemoteState } from "./remote_state.ts";
import { silentProgress } from "./report.ts";
import type { Workspace } from "./workspace.ts";

/** How a folder and its space differ from the state at which they last agreed. */
export interface StatusReport {
  /** The revision at which they last agreed; `undefined` if they never did. */
  readonly baseRevision: number | undefined;
  /** The revision the server stands at. */
  readonly revision: number;
  /** What changed in the folder since. */
  readonly local: readonly PathChange[];
  /** What changed on the server since. */
  readonly remote: readonly PathChange[];
  /** What lies in the folder and could not be compared, such as files that cannot be read. */
  readonly problems: readonly ScanProblem[];
  /** Whether both are proven equal: their root hashes are. */
  readonly synchronized: boolean;
}

/** Compares a folder and its space with the state at which they last agreed; changes nothing. */
export async function status(
  workspace: Workspace,
  remote: Remote,
  options: { readonly clock: Clock },
): Promise<StatusReport> {
  const base = workspace.loadBase();
  const known: Tree<LocalNode> = base?.tree ?? emptyTreeOf();
  const manifest = workspace.state.manifest.bind(workspace.state);
  const scan = scanFolder(workspace.disk, known, {});
  const read = await readFiles(workspace.disk, scan.unread, {
    clock: options.clock,
    manifest,
    progress: silentProgress,
  });
  const local = completeTree(scan, read, known);
  const state = await readRemoteState(remote, await remote.head() ?? emptyHead(remote.space), { base, manifest });
  return {
    baseRevision: base?.revision,
    revision: state.revision,
    local: describeDiff(diffTrees(known, local), known),
    remote: describeDiff(diffTrees(known, state.tree), known),
    problems: [...scan.problems, ...read.problems],
    synchronized: treeHashes(local, base).get(rootPath) === state.root,
  };
}

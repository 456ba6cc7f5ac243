import type { SafePath } from "../core/mod.ts";
import {
  describeDiff,
  diffTrees,
  emptyTreeOf,
  IgnoreRules,
  type LocalNode,
  type PathChange,
  readIgnoreFile,
  scanFolder,
  type ScanProblem,
  type Tree,
} from "../sync/mod.ts";
import { agreedTree, folderTree, type Workspace } from "./workspace/mod.ts";
import { asMeant, nameRulesOf, provenRoot, readFiles, viewFolder } from "./folder/mod.ts";
import type { TransferOptions } from "./options.ts";
import { emptyHead, readRemoteState, type Remote } from "./remote/mod.ts";
import type { RunSession } from "./session/mod.ts";
import { silentProgress } from "./report.ts";

/** How a folder and its space differ from the state at which they last agreed. */
export interface StatusReport {
  /** The revision at which they last agreed; `undefined` if they never did. */
  readonly baseRevision: number | undefined;
  /** The revision the server stands at. */
  readonly revision: number;
  /** Where the last run that had something to do stands; a state that is not final is of one that was interrupted. */
  readonly session: RunSession | undefined;
  /** What changed in the folder since. */
  readonly local: readonly PathChange[];
  /** What changed on the server since. */
  readonly remote: readonly PathChange[];
  /** Where both sides changed the same, and somebody has to decide. */
  readonly conflicts: readonly SafePath[];
  /** What lies in the folder and could not be compared, such as files that cannot be read. */
  readonly problems: readonly ScanProblem[];
  /** Whether both are proven equal: their root hashes are. */
  readonly synchronized: boolean;
}

/** Compares a folder and its space with the state at which they last agreed; changes nothing. */
export async function status(
  workspace: Workspace,
  remote: Remote,
  options: Pick<TransferOptions, "clock" | "ignore" | "skipLinks">,
): Promise<StatusReport> {
  const base = workspace.loadBase();
  const before: Tree<LocalNode> = base === undefined ? emptyTreeOf() : folderTree(base);
  const agreed: Tree<LocalNode> = base === undefined ? emptyTreeOf() : agreedTree(base);
  const manifest = workspace.state.manifest.bind(workspace.state);
  const { disk } = workspace;
  const { skipLinks = false } = options;
  const ignore = IgnoreRules.of({
    patterns: options.ignore ?? [],
    read: (directory) => readIgnoreFile(disk, directory),
  });
  const scan = scanFolder(disk, before, { ignore, skipLinks });
  const read = await readFiles(workspace.disk, scan.unread, {
    clock: options.clock,
    manifest,
    progress: silentProgress,
  });
  const state = await readRemoteState(remote, await remote.head() ?? emptyHead(remote.space), { base, manifest });
  const view = viewFolder({
    ...{ scan, skipLinks, read, before, ignore, open: base?.open },
    ...{ server: state.tree, names: nameRulesOf(disk) },
  });
  const ignored = new Set([...view.aside].flatMap(([path, reason]) => reason === "ignored" ? [path] : []));
  const visible = ({ path }: PathChange): boolean => !ignored.has(path);
  return {
    baseRevision: base?.revision,
    revision: state.revision,
    session: workspace.state.loadSession(),
    local: describeDiff(diffTrees(agreed, asMeant(view, view.truth)), agreed).filter(visible),
    remote: describeDiff(diffTrees(agreed, state.tree), agreed).filter(visible),
    conflicts: [...base?.open ?? []].flatMap(([path, { reason }]) => reason === "conflict" ? [path] : []).sort(),
    problems: view.problems,
    synchronized: provenRoot(view, view.truth, state) === state.root,
  };
}

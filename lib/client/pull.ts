import { Failure, type Hash, rootPath, type SafePath } from "../core/mod.ts";
import { type FileEntry, Manifest, sameContent } from "../metadata/mod.ts";
import {
  chunkBytesMin,
  describeDiff,
  diffTrees,
  emptyTreeOf,
  getNode,
  isSame,
  type LocalNode,
  scanFolder,
  type ScanProblem,
  type Tree,
  type TreeDiff,
  treeHashes,
  withChanges,
} from "../sync/mod.ts";
import { applyChanges } from "./apply_changes.ts";
import { intend, settleIntent } from "./intent.ts";
import { planFetch } from "./fetch_plan.ts";
import { guardDeletes, pathsShownMax, undonePaths } from "./guards.ts";
import { observedRun } from "./observed_run.ts";
import { unstorableName } from "./platform_names.ts";
import type { TransferOptions } from "./push.ts";
import { completeTree, type LocalRead, readFiles } from "./read_local.ts";
import type { Remote } from "./remote.ts";
import { readRemoteState, type RemoteState } from "./remote_state.ts";
import { silentProgress, type SyncReport } from "./report.ts";
import { stageFiles } from "./stage_files.ts";
import { Staging } from "./staging.ts";
import { treeTotals } from "./tree_totals.ts";
import type { Workspace } from "./workspace.ts";
import type { Base } from "./workspace_state.ts";

/**
 * Makes the folder equal to the server's space.
 *
 * @throws {Failure} kind `refused` if that would undo local changes that were never pushed, or delete a large part of
 * the folder; `not_found` if the server has no such space.
 */
export function pull(workspace: Workspace, remote: Remote, options: TransferOptions): Promise<SyncReport> {
  const run = () => pullFolder(workspace, remote, options);
  return observedRun({ direction: "pull", workspace, remote, options }, run);
}

async function pullFolder(workspace: Workspace, remote: Remote, options: TransferOptions): Promise<SyncReport> {
  const progress = options.progress ?? silentProgress;
  progress.phase("scan");
  const heading = remote.head();
  heading.catch(() => {});
  const base = workspace.loadBase();
  const known = base?.tree ?? emptyTreeOf<LocalNode>();
  const scan = scanFolder(workspace.disk, known, { checksum: options.checksum ?? false });
  const head = await heading;
  if (head === undefined) {
    throw new Failure("not_found", `The server at ${remote.origin} has no space "${remote.space}"`, {
      hint: "Push to it first, or name another with --space",
    });
  }
  progress.phase("compare");
  const manifest = (content: Hash): Manifest | undefined => workspace.state.manifest(content);
  const state = await readRemoteState(remote, head, { base, manifest });
  const read = await readFiles(workspace.disk, scan.unread, {
    clock: options.clock,
    manifest,
    progress: silentProgress,
  });
  const local = completeTree(scan, read, known);
  const intent = workspace.state.loadIntent();
  if (!options.force) {
    const before = state.follows ? known : emptyTreeOf<LocalNode>();
    refuseUndoing(local, settleIntent(before, intent, { folder: local, server: state.tree }), state);
  }

  const unsure = [...scan.problems, ...read.problems].filter(({ kind }) => kind !== "unsupported");
  const { diff, problems } = feasible(diffTrees(local, state.tree), unsure);
  guardDeletes(diff, local, { place: `"${workspace.disk.root}"`, confirmed: options.confirmDeletes });
  const report = {
    direction: "pull",
    dryRun: options.dryRun ?? false,
    revision: state.revision,
    root: state.root,
    changes: describeDiff(diff, local),
    ...(state.revision === head.revision ? { files: head.files, totalBytes: head.bytes } : treeTotals(state.tree)),
  } as const;
  const found = [...scan.problems, ...read.problems, ...problems];
  if (options.dryRun) {
    const synchronized = treeHashes(local, base).get(rootPath) === state.root;
    return { ...report, problems: found, synchronized, contentBytes: 0 };
  }
  if (!isSame(diff)) workspace.state.saveIntent(intend("folder", diff, intent));
  const outcome = await applyPull({ workspace, remote, options, local, diff, state, read });
  progress.phase("remember");
  const hashes = treeHashes(outcome.tree, base);
  const synchronized = hashes.get(rootPath) === state.root;
  savePull(workspace, { base, state, read, tree: outcome.tree, hashes, synchronized });
  return { ...report, problems: [...found, ...outcome.problems], synchronized, contentBytes: outcome.fetchedBytes };
}

function refuseUndoing(local: Tree<LocalNode>, known: Tree, state: RemoteState): void {
  const undone = undonePaths(diffTrees(known, local), known, state.tree);
  if (undone.length === 0) return;
  throw new Failure("refused", `The folder holds ${undone.length} changes that were never pushed`, {
    hint: "Push first, or overwrite them with --force",
    details: undone.slice(0, pathsShownMax),
  });
}

/** Leaves out what cannot be done here: paths that could not be looked at, and names this platform cannot hold. */
function feasible(diff: TreeDiff, unsure: readonly ScanProblem[]): { diff: TreeDiff; problems: ScanProblem[] } {
  const problems: ScanProblem[] = [];
  const blocked = (path: SafePath): boolean =>
    unsure.some((problem) => path === problem.path || path.startsWith(`${problem.path}/`));
  // The comparison is this run's own: what cannot be done is taken out of it.
  const { puts, deletes } = diff;
  for (const path of puts.keys()) {
    const problem = unstorableName(path);
    if (problem !== undefined) problems.push({ path, problem, kind: "unsupported" });
    if (problem !== undefined || blocked(path)) puts.delete(path);
  }
  for (const path of deletes) if (blocked(path)) deletes.delete(path);
  return { diff, problems };
}

interface PullRun {
  readonly workspace: Workspace;
  readonly remote: Remote;
  readonly options: TransferOptions;
  readonly local: Tree<LocalNode>;
  readonly diff: TreeDiff;
  readonly state: RemoteState;
  readonly read: LocalRead;
}

interface PullOutcome {
  readonly tree: Tree<LocalNode>;
  readonly problems: readonly ScanProblem[];
  readonly fetchedBytes: number;
}

/** Stages what is new, then lets it take its place. */
async function applyPull(run: PullRun): Promise<PullOutcome> {
  const { workspace, remote, options, local, diff } = run;
  const staging = new Staging(workspace.stagingDirectory);
  if (isSame(diff)) {
    staging.clear();
    return { tree: local, problems: [], fetchedBytes: 0 };
  }
  const progress = options.progress ?? silentProgress;
  const files = filesToStage(diff, local);
  progress.phase("transfer");
  progress.expect({ files: files.length, bytes: files.reduce((sum, [, { size }]) => sum + size, 0) });
  const planned = planFetch(files.map(([, file]) => file), { local, manifestOf: manifests(run) });
  const { fetchedBytes } = await stageFiles(planned, {
    remote,
    disk: workspace.disk,
    staging,
    onBytes: (bytes) => progress.advance({ bytes }),
  });
  progress.phase("apply");
  const places = new Map(files.map(([path], index) => [path, planned[index]!]));
  const applied = await applyChanges(diff, {
    disk: workspace.disk,
    local,
    stagedPath: (path) => staging.path(places.get(path)!.content, places.get(path)!.use),
    linkPath: staging.linkPath,
    now: () => options.clock.now(),
  });
  staging.clear();
  return { tree: withChanges(local, applied.changes), problems: applied.problems, fetchedBytes };
}

/** The files whose bytes are not in their place yet, sorted by path, as they were pushed. */
function filesToStage(diff: TreeDiff, local: Tree): [SafePath, FileEntry][] {
  const files: [SafePath, FileEntry][] = [];
  for (const [path, { entry }] of diff.puts) {
    if (entry.kind !== "file") continue;
    const old = getNode(local, path)?.entry;
    if (old === undefined || !sameContent(old, entry)) files.push([path, entry]);
  }
  return files.sort(([a], [b]) => a < b ? -1 : 1);
}

function manifests({ workspace, state, read }: PullRun): (file: FileEntry) => Manifest {
  return (file) => {
    if (file.size === 0) return Manifest.of([]);
    const known = file.size <= chunkBytesMin
      ? undefined
      : state.manifests.get(file.content) ?? read.manifests.get(file.content) ?? workspace.state.manifest(file.content);
    return known ?? Manifest.of([{ hash: file.content, length: file.size }]);
  };
}

interface PullResult {
  readonly base: Base | undefined;
  readonly state: RemoteState;
  readonly read: LocalRead;
  readonly tree: Tree<LocalNode>;
  readonly hashes: ReadonlyMap<SafePath, Hash>;
  readonly synchronized: boolean;
}

/**
 * Remembers what both sides agree on. Where something could not be brought into step the old revision is kept: the next
 * run then asks for everything since, and comes back to what is missing.
 */
function savePull(workspace: Workspace, result: PullResult): void {
  const { base, state, read, tree, hashes } = result;
  const revision = result.synchronized ? state.revision : base?.revision ?? 0;
  if (base?.revision === revision && base.tree === tree) return;
  workspace.saveBase({ revision, tree, hashes }, {
    before: base,
    manifests: new Map([...read.manifests, ...state.manifests]),
  });
}

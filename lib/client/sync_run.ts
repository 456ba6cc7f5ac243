import { Failure, type Hash, rootPath, type SafePath } from "../core/mod.ts";
import { type Manifest, sameContent, type SpaceHead } from "../metadata/mod.ts";
import {
  describeDiff,
  emptyTreeOf,
  getNode,
  type HashedTree,
  IgnoreRules,
  isSame,
  type LocalNode,
  readIgnoreFile,
  type Scan,
  scanFolder,
  type ScanProblem,
  type Tree,
  type TreeDiff,
  treeHashes,
  withChanges,
} from "../sync/mod.ts";
import { agreedTree, type Base, folderTree, isSameBase, type OpenReason, settleBase } from "./base.ts";
import { commitChanges, type Reached } from "./commit_changes.ts";
import { type FolderView, provenRoot, viewFolder } from "./folder_view.ts";
import { guardChanges, guardLimits } from "./guards.ts";
import { intend, intentParts, type Intents, settleIntents } from "./intent.ts";
import { observedRun } from "./observed_run.ts";
import type { TransferOptions } from "./options.ts";
import { PreparedFolder } from "./prepared_folder.ts";
import { type LocalRead, readFiles } from "./read_local.ts";
import type { Remote } from "./remote.ts";
import { emptyHead, readRemoteState, type RemoteState } from "./remote_state.ts";
import { type ProgressListener, type SidedChange, silentProgress, type SyncReport } from "./report.ts";
import type { Direction, Plan, Sides } from "./strategy.ts";
import { treeTotals } from "./tree_totals.ts";
import { nameRulesOf } from "./platform_names.ts";
import { untilRulesHold } from "./until_rules_hold.ts";
import { Uploader } from "./uploader.ts";
import { withFolders } from "./with_folders.ts";
import type { Workspace } from "./workspace.ts";

/** How a run carries changes: what differs between a push, a pull and a two-way run. */
export interface Strategy {
  readonly direction: Direction;
  /** Whether what is read in the folder goes to the server, and a space that is missing is made. */
  readonly uploads: boolean;
  /**
   * Looks at both sides before anything is read for sending.
   *
   * @param run What the folder's files can be read with.
   * @throws {Failure} kind `refused` if the run must not go on.
   */
  readonly check?: (sides: Omit<Sides, "folder">, run: RunContext) => Promise<void>;
  /**
   * Says what to change.
   *
   * @throws {Failure} kind `refused` if the run must not go on.
   */
  readonly plan: (sides: Sides, run: RunContext & { readonly read: LocalRead }) => Plan | Promise<Plan>;
}

/** What one run works with. */
export interface RunContext {
  readonly workspace: Workspace;
  readonly remote: Remote;
  readonly options: TransferOptions;
  readonly progress: ProgressListener;
  /** The folder as it was when it was last looked at. */
  readonly before: Tree<LocalNode>;
  readonly ignore: IgnoreRules;
  readonly scan: Scan;
  /** What the server holds. */
  readonly state: RemoteState;
  /** The chunk list of a content that either side has or had. */
  readonly manifest: (content: Hash) => Manifest | undefined;
}

/** How often a run starts over because the server lacked chunks or changed meanwhile. */
const attemptsMax = 20;

/** Carries changes between a folder and its space. */
export function runSync(
  strategy: Strategy,
  workspace: Workspace,
  remote: Remote,
  options: TransferOptions,
): Promise<SyncReport> {
  const run = (tracked: TransferOptions): Promise<SyncReport> =>
    untilRulesHold(() => new SyncRun(strategy, workspace, remote, tracked).run());
  return observedRun({ direction: strategy.direction, workspace, remote, options }, run);
}

class SyncRun {
  readonly #strategy: Strategy;
  readonly #workspace: Workspace;
  readonly #remote: Remote;
  readonly #options: TransferOptions;
  readonly #progress: ProgressListener;
  readonly #base: Base | undefined;
  /** The folder as it was when it was last looked at. */
  readonly #before: Tree<LocalNode>;
  /** Whether chunks of earlier versions are taken to be on the server unasked. */
  #trusting = true;
  /** The directories that are looked at; all of them unless given. */
  #changed: ReadonlySet<SafePath> | undefined;
  #sentBytes = 0;
  #fetchedBytes = 0;
  /** What attempts committed that were overtaken before they could change the folder. */
  readonly #committed: Planned[] = [];

  constructor(strategy: Strategy, workspace: Workspace, remote: Remote, options: TransferOptions) {
    this.#strategy = strategy;
    this.#workspace = workspace;
    this.#remote = remote;
    this.#options = options;
    this.#progress = options.progress ?? silentProgress;
    this.#base = workspace.loadBase();
    this.#changed = this.#base === undefined || options.checksum ? undefined : options.changed;
    this.#before = this.#base === undefined ? emptyTreeOf<LocalNode>() : folderTree(this.#base);
  }

  async run(): Promise<SyncReport> {
    this.#progress.phase("scan");
    const heading = this.#head();
    heading.catch(() => {});
    let local = this.#scan();
    let read: LocalRead | undefined;
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const head = await (attempt === 1 ? heading : this.#head());
      this.#progress.phase("compare");
      const look = read === undefined ? await this.#look(head, local.scan) : undefined;
      const context = await this.#observe(head, { ...local, hint: look?.folder });
      const agreed = this.#agreed(context.state);
      if (read === undefined) await this.#strategy.check?.({ agreed, server: context.state.tree }, context);
      read ??= await this.#read(context, look?.read);
      const outcome = await this.#attempt({ context, read, agreed, head });
      if (outcome === "missing_chunks" || outcome === "look_everywhere") {
        this.#trusting &&= outcome === "look_everywhere";
        this.#changed = undefined;
        local = this.#scan();
        read = undefined;
      } else if (outcome !== "changed_meanwhile") return outcome;
    }
    throw new Failure("conflict", "The server kept changing while this run was under way", { hint: "Run it again" });
  }

  /** Where the space stands. A run that uploads brings a space that does not exist into being. */
  async #head(): Promise<SpaceHead> {
    const head = await this.#remote.head();
    if (head !== undefined) return head;
    const { origin, space } = this.#remote;
    if (!this.#strategy.uploads) {
      throw new Failure("not_found", `The server at ${origin} has no space "${space}"`, {
        hint: "Push to it first, or name another with --space",
      });
    }
    return this.#options.dryRun ? emptyHead(space) : await this.#remote.createSpace();
  }

  #scan(): Pick<RunContext, "scan" | "ignore"> {
    const { disk } = this.#workspace;
    const { ignore: patterns = [], checksum = false, skipLinks = false } = this.#options;
    const ignore = IgnoreRules.of({ patterns, read: (directory) => readIgnoreFile(disk, directory) });
    return {
      ignore,
      scan: scanFolder(disk, this.#before, {
        checksum: checksum || !this.#trusting,
        ignore,
        skipLinks,
        changed: this.#changed,
      }),
    };
  }

  /**
   * Reads the folder where nothing is remembered of it and the server has something: the two may well be alike, and then
   * next to nothing has to be told or sent.
   */
  async #look(head: SpaceHead, scan: Scan): Promise<{ read: LocalRead; folder: HashedTree } | undefined> {
    if (this.#base !== undefined || head.revision === 0 || scan.unread.length === 0 || !this.#trusting) {
      return undefined;
    }
    const { clock } = this.#options;
    const read = await readFiles(this.#workspace.disk, scan.unread, { clock, progress: silentProgress });
    const tree = withChanges(scan.tree, read.nodes);
    return { read, folder: { tree, hashes: treeHashes(tree) } };
  }

  async #observe(
    head: SpaceHead,
    { hint, ...local }: Pick<RunContext, "scan" | "ignore"> & { readonly hint: HashedTree | undefined },
  ): Promise<RunContext> {
    const { state: kept } = this.#workspace;
    const state = await readRemoteState(this.#remote, head, {
      base: this.#base,
      hint,
      manifest: (content) => kept.manifest(content),
    });
    return {
      workspace: this.#workspace,
      remote: this.#remote,
      options: this.#options,
      progress: this.#progress,
      before: this.#before,
      ...local,
      state,
      manifest: (content) => state.manifests.get(content) ?? kept.manifest(content),
    };
  }

  /** What both sides last agreed on; nothing, if the server's past is not the one that is known here. */
  #agreed(state: RemoteState): Tree<LocalNode> {
    return state.follows && this.#base !== undefined ? agreedTree(this.#base) : emptyTreeOf<LocalNode>();
  }

  /** Reads what changed in the folder; sends it, if this run does and the server does not have it already. */
  async #read({ scan, manifest, state }: RunContext, look: LocalRead | undefined): Promise<LocalRead> {
    const sends = this.#strategy.uploads && !this.#options.dryRun;
    if (look !== undefined && !sends) return look;
    const isThere = (path: SafePath): boolean => {
      const [here, there] = [look?.nodes.get(path)?.entry, getNode(state.tree, path)?.entry];
      return here !== undefined && there !== undefined && sameContent(here, there);
    };
    const files = look === undefined ? scan.unread : scan.unread.filter(({ path }) => !isThere(path));
    using uploader = sends ? new Uploader(this.#remote, this.#options) : undefined;
    const progress = sends ? this.#progress : silentProgress;
    if (sends) progress.phase("transfer");
    progress.expect({ files: files.length, bytes: files.reduce((sum, { stat }) => sum + stat.size, 0) });
    const read = await readFiles(this.#workspace.disk, files, {
      clock: this.#options.clock,
      sink: uploader,
      manifest: this.#trusting ? manifest : undefined,
      progress,
    });
    await uploader?.finish();
    this.#sentBytes += uploader?.counts.bytes ?? 0;
    if (look === undefined) return read;
    return {
      nodes: new Map([...look.nodes, ...read.nodes]),
      manifests: new Map([...look.manifests, ...read.manifests]),
      problems: read.problems,
    };
  }

  /** Plans from what both sides are, and carries that out; says so if the server was not as expected. */
  async #attempt(
    { context, read, agreed, head }: {
      readonly context: RunContext;
      readonly read: LocalRead;
      readonly agreed: Tree<LocalNode>;
      readonly head: SpaceHead;
    },
  ): Promise<SyncReport | "changed_meanwhile" | "missing_chunks" | "look_everywhere"> {
    const { workspace, state, options, progress } = context;
    const { skipLinks = false } = options;
    const view = viewFolder({ ...context, skipLinks, read, server: state.tree, names: nameRulesOf(workspace.disk) });
    const intents = workspace.state.loadIntents();
    const settled = settleIntents(agreed, intents, { folder: view.truth, server: state.tree });
    const sides = { agreed: settled, folder: view.tree, server: state.tree };
    const planned = await this.#strategy.plan(sides, { ...context, read });
    const toFolder = withFolders(planned.toFolder, { truth: view.truth, server: state.tree });
    const plan = { ...planned, toFolder };
    // Whether something ignored lies in a folder that is to go shows by a walk over all of it.
    if (this.#changed !== undefined && removesFolders(plan, sides)) return "look_everywhere";
    this.#guard(plan, sides);
    const report = this.#report(plan, sides);
    if (options.dryRun) {
      const { revision, root } = state;
      const synchronized = isQuiet(plan) && provenRoot(view, view.truth, state) === root;
      return { ...report, ...totals(state, head), revision, root, synchronized, problems: view.problems };
    }
    if (!isQuiet(plan)) {
      workspace.state.saveIntents(intend(intents, { server: plan.toServer, folder: plan.toFolder }, view.truth));
    }
    const manifest = (content: Hash): Manifest | undefined => plan.manifests?.get(content) ?? context.manifest(content);
    const folder = new PreparedFolder(plan.toFolder, { ...context, manifest, read, view });
    this.#fetchedBytes += await folder.stage();
    const server = serverAfter(plan, state);
    const reached = await this.#commit(plan, { ...context, read });
    if (typeof reached === "string") return reached;
    // Another commit came in between: what it changed has yet to come here.
    if (reached.root !== server.root && this.#strategy.direction === "sync") {
      this.#committed.push(report);
      return "changed_meanwhile";
    }
    const applied = await folder.apply();
    progress.phase("remember");
    const problems = [...view.problems, ...applied.problems];
    const synchronized = provenRoot(view, applied.tree, server) === reached.root && !problems.some(isUnsure);
    if (reached.root === server.root) {
      this.#save(
        { revision: reached.revision, server, folder: applied.tree, agreed: settled, view, plan, read, intents },
        state,
      );
    }
    const figures = isSame(plan.toServer) ? totals(state, head) : treeTotals(server.tree);
    const told = { ...report, ...withCommitted(report, this.#committed) };
    const moved = { fetchedBytes: this.#fetchedBytes, sentBytes: this.#sentBytes };
    return { ...told, ...figures, ...reached, ...moved, synchronized, problems };
  }

  #guard({ toFolder, toServer }: Plan, { agreed, folder, server }: Sides): void {
    const { confirmDeletes: confirmed, confirmChanges, guards: limits = guardLimits } = this.#options;
    // What is new on one side must not make what goes on the other look small.
    const known = this.#strategy.direction === "sync" ? agreed : undefined;
    const guard = { limits, confirmed, confirmedChanges: confirmChanges, known };
    guardChanges(toServer, server, { place: "the server", ...guard });
    guardChanges(toFolder, folder, { place: `"${this.#workspace.disk.root}"`, ...guard });
  }

  #report({ toFolder, toServer, conflicts }: Plan, { folder, server }: Sides) {
    const changes: SidedChange[] = [
      ...describeDiff(toServer, server).map((change) => ({ ...change, side: "server" as const })),
      ...describeDiff(toFolder, folder).map((change) => ({ ...change, side: "folder" as const })),
    ];
    changes.sort(byPath);
    const { direction } = this.#strategy;
    return { direction, dryRun: this.#options.dryRun ?? false, changes, conflicts, sentBytes: 0, fetchedBytes: 0 };
  }

  async #commit(
    { toServer, manifests }: Plan,
    run: RunContext & { readonly read: LocalRead },
  ): Promise<Reached | "changed_meanwhile" | "missing_chunks"> {
    if (isSame(toServer)) return { revision: run.state.revision, root: run.state.root };
    this.#progress.phase("commit");
    const outcome = await commitChanges(toServer, { ...run, manifests: [run.read.manifests, manifests ?? new Map()] });
    if (outcome !== "missing_chunks" || this.#trusting) return outcome;
    throw new Failure("corrupt", "The server does not keep chunks that it was sent", {
      hint: `Look at the log of the server at ${this.#workspace.remote}`,
    });
  }

  #save(
    after: {
      readonly revision: number;
      readonly server: HashedTree;
      readonly folder: Tree<LocalNode>;
      readonly agreed: Tree;
      readonly view: FolderView;
      readonly plan: Plan;
      readonly read: LocalRead;
      readonly intents: Intents;
    },
    state: RemoteState,
  ): void {
    const conflicts = new Set(after.plan.conflicts.flatMap(({ outcome, path }) => outcome === "manual" ? [path] : []));
    const reasonOf = (path: SafePath): OpenReason =>
      conflicts.has(path) ? "conflict" : after.view.aside.get(path) ?? "left";
    const next = settleBase({ ...after, reasonOf });
    const pending = intentParts.some((part) => after.intents[part] !== undefined);
    if (this.#base !== undefined && isSameBase(this.#base, next) && !pending) return;
    const manifests = new Map([...state.manifests, ...after.read.manifests, ...after.plan.manifests ?? []]);
    this.#workspace.saveBase(next, { before: this.#base, manifests });
  }
}

/** What an attempt set out to do, as it is reported. */
type Planned = Pick<SyncReport, "changes" | "conflicts">;

/** What the last attempt did, and what went to the server before it; the folder got all of it by the last one. */
function withCommitted(last: Planned, committed: readonly Planned[]): Planned {
  const earlier = committed.flatMap(({ changes }) => changes.filter(({ side }) => side === "server"));
  const conflicts = new Map([...last.conflicts, ...committed.flatMap((attempt) => attempt.conflicts)]
    .map((conflict) => [conflict.path, conflict]));
  return { changes: [...earlier, ...last.changes].sort(byPath), conflicts: [...conflicts.values()].sort(byPath) };
}

function byPath(a: { readonly path: SafePath }, b: { readonly path: SafePath }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function isQuiet({ toFolder, toServer }: Plan): boolean {
  return isSame(toFolder) && isSame(toServer);
}

function removesFolders({ toFolder }: Plan, { folder }: Sides): boolean {
  return [...toFolder.deletes, ...toFolder.puts.keys()].some((path) => {
    return folder.has(path) && toFolder.puts.get(path)?.entry.kind !== "directory";
  });
}

function isUnsure({ kind }: ScanProblem): boolean {
  return kind !== "unsupported";
}

/** The server's space as it is once a plan is carried out, with its hashes. */
function serverAfter({ toServer, server }: Plan, state: RemoteState): HashedTree & { readonly root: Hash } {
  if (isSame(toServer)) return state;
  const tree = server ?? withChanges(state.tree, [...mapDeletes(toServer), ...toServer.puts]);
  const hashes = treeHashes(tree, state);
  return { tree, hashes, root: hashes.get(rootPath)! };
}

function mapDeletes({ deletes }: TreeDiff): (readonly [SafePath, undefined])[] {
  return [...deletes].map((path) => [path, undefined] as const);
}

/** How much the space holds at the revision that was read. */
function totals(state: RemoteState, head: SpaceHead): { readonly files: number; readonly totalBytes: number } {
  return state.revision === head.revision ? { files: head.files, totalBytes: head.bytes } : treeTotals(state.tree);
}

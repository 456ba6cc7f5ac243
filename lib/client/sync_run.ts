import { Failure, type Hash, nextTurn, type SafePath } from "../core/mod.ts";
import type { Manifest, SpaceHead } from "../metadata/mod.ts";
import {
  countNodes,
  emptyTreeOf,
  type HashedTree,
  IgnoreRules,
  isSame,
  type LocalNode,
  readIgnoreFile,
  type Scan,
  scanFolder,
  type ScanProblem,
  type Tree,
} from "../sync/mod.ts";
import {
  agreedTree,
  type Base,
  folderTree,
  hasHollow,
  intend,
  type Intent,
  intentParts,
  type Intents,
  intentsAt,
  isSameBase,
  settleBase,
  settleIntents,
  withoutMovedAway,
  type Workspace,
} from "./workspace/mod.ts";
import { commitChanges, type Reached } from "./commit_changes.ts";
import { type FolderView, type LocalRead, nameRulesOf, provenRoot, viewFolder } from "./folder/mod.ts";
import { guardChanges, guardLimits } from "./guards.ts";
import { hasOtherRules } from "./has_other_rules.ts";
import { observedRun } from "./session/mod.ts";
import type { TransferOptions } from "./options.ts";
import { withOwnVersions } from "./own_versions.ts";
import { isQuiet, type Plan, removesFolders, serverAfter, type Sides } from "./plan.ts";
import { describePlan, type Planned, totals, withCommitted } from "./plan_report.ts";
import { type ChangedFolder, PreparedFolder, withFolders } from "./apply/mod.ts";
import { type FolderLook, lookAtFolder, readFolder } from "./transfer/mod.ts";
import { emptyHead, readRemoteState, type Remote, type RemoteState } from "./remote/mod.ts";
import { type ProgressListener, silentProgress, type SyncReport } from "./report.ts";
import type { RunContext, Strategy } from "./strategy.ts";
import { treeTotals } from "./tree_totals.ts";
import { untilRulesHold } from "./until_rules_hold.ts";

/** How often a server may lose what it was sent, within one run. */
const timesLostMax = 4;
/** How often a run starts over because the server lacked chunks or changed meanwhile. */
const attemptsMax = 20;

/** What is done with a tree of so many nodes takes longer than a turn of the event loop. */
const longNodes = 1000;

/** Carries changes between a folder and its space. */
export function runSync(
  strategy: Strategy,
  workspace: Workspace,
  remote: Remote,
  options: TransferOptions,
): Promise<SyncReport> {
  const run = (tracked: TransferOptions): Promise<SyncReport> =>
    untilRulesHold((again) => {
      return new SyncRun(strategy, workspace, remote, again ? { ...tracked, changed: undefined } : tracked).run();
    });
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
  /** How often the server lacked chunks that it was sent. */
  #timesLost = 0;
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
    const everywhere = this.#base === undefined || hasHollow(this.#base) || options.checksum;
    this.#changed = everywhere ? undefined : options.changed;
    this.#before = this.#base === undefined ? emptyTreeOf<LocalNode>() : folderTree(this.#base);
  }

  async run(): Promise<SyncReport> {
    this.#progress.phase("scan");
    const heading = this.#head();
    heading.catch(() => {});
    await letGo(this.#before);
    let local = this.#scan();
    let read: LocalRead | undefined;
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const head = await (attempt === 1 ? heading : this.#head());
      this.#progress.phase("compare");
      const look = read === undefined ? await this.#look(head, local.scan) : undefined;
      const context = await this.#observe(head, { ...local, hint: look?.folder });
      const agreed = this.#agreed(context.state);
      await this.#strategy.check?.({ agreed, server: context.state.tree }, context);
      read ??= await this.#read(context, look?.read);
      const outcome = await this.#attempt(context, { read, agreed });
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
    const changed = this.#changed;
    const scan = scanFolder(disk, this.#before, { checksum: checksum || !this.#trusting, ignore, skipLinks, changed });
    if (changed === undefined || !hasOtherRules(scan, this.#before, changed)) return { ignore, scan };
    this.#changed = undefined;
    return this.#scan();
  }

  /** Reads the folder where nothing is remembered of it and the server has something. */
  async #look(head: SpaceHead, scan: Scan): Promise<FolderLook | undefined> {
    const pays = this.#base === undefined && head.revision > 0 && scan.unread.length > 0 && this.#trusting;
    return pays ? await lookAtFolder(this.#workspace, scan, this.#options) : undefined;
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
      head,
      state,
      manifest: (content) => state.manifests.get(content) ?? kept.manifest(content),
    };
  }

  /** What both sides last agreed on; nothing, if the server's past is not the one that is known here. */
  #agreed(state: RemoteState): Tree<LocalNode> {
    return state.follows && this.#base !== undefined ? agreedTree(this.#base) : emptyTreeOf<LocalNode>();
  }

  /** The space with what this client is known to have committed, where that is in the past of the base. */
  async #withOwnVersions(
    { follows, tree }: RemoteState,
    known: { readonly agreed: Tree; readonly intent: Intent | undefined },
  ): Promise<Tree> {
    if (!follows) return tree;
    const { clientId } = this.#workspace;
    return await withOwnVersions(tree, {
      ...known,
      revision: this.#base?.revision ?? 0,
      clientId,
      remote: this.#remote,
    });
  }

  /** Reads what changed in the folder; sends it, if this run does and the server does not have it already. */
  async #read(context: RunContext, look: LocalRead | undefined): Promise<LocalRead> {
    const sends = this.#strategy.uploads && !this.#options.dryRun;
    const { read, sentBytes } = await readFolder(context, { sends, trusting: this.#trusting, look });
    this.#sentBytes += sentBytes;
    return read;
  }

  /** Plans from what both sides are, and carries that out; says so if the server was not as expected. */
  async #attempt(
    context: RunContext,
    found: { readonly read: LocalRead; readonly agreed: Tree<LocalNode> },
  ): Promise<SyncReport | "changed_meanwhile" | "missing_chunks" | "look_everywhere"> {
    const planning = await this.#plan(context, found);
    const { plan, sides } = planning;
    // Whether something ignored lies in a folder that is to go shows by a walk over all of it.
    if (this.#changed !== undefined && removesFolders(plan, sides)) return "look_everywhere";
    this.#guard(plan, sides);
    return this.#options.dryRun ? this.#foretell(planning) : await this.#carryOut(planning);
  }

  async #plan(
    context: RunContext,
    { read, agreed }: { readonly read: LocalRead; readonly agreed: Tree<LocalNode> },
  ): Promise<Planning> {
    const { workspace, state, options: { skipLinks = false } } = context;
    const view = viewFolder({
      ...{ ...context, skipLinks, read, open: this.#base?.open },
      ...{ server: state.tree, names: nameRulesOf(workspace.disk) },
    });
    const intents = workspace.state.loadIntents();
    const server = await this.#withOwnVersions(state, { agreed, intent: intents.server });
    const known = settleIntents(agreed, intents, { folder: view.truth, server });
    const settled = withoutMovedAway(known, { base: this.#base, folder: view.tree });
    const sides = { agreed: settled, folder: view.tree, server: state.tree };
    const planned = await this.#strategy.plan(sides, { ...context, read });
    const plan = { ...planned, toFolder: withFolders(planned.toFolder, { truth: view.truth, server: state.tree }) };
    return { context, read, view, intents, sides, plan };
  }

  /** Tells what the run would do. */
  #foretell({ context, view, plan, sides }: Planning): SyncReport {
    const { state, head } = context;
    const { revision, root } = state;
    return {
      ...{ direction: this.#strategy.direction, dryRun: true, ...describePlan(plan, sides), ...totals(state, head) },
      ...{ sentBytes: 0, fetchedBytes: 0, revision, root, problems: view.problems },
      synchronized: isQuiet(plan) && provenRoot(view, view.truth, state) === root,
    };
  }

  /** Puts what is to come beside the folder, lets the server have its part, then the folder. */
  async #carryOut(planning: Planning): Promise<SyncReport | "changed_meanwhile" | "missing_chunks"> {
    const { context, read, view, plan, sides } = planning;
    const intended = this.#intendForServer(planning);
    const manifest = (content: Hash): Manifest | undefined => plan.manifests?.get(content) ?? context.manifest(content);
    const folder = new PreparedFolder(plan.toFolder, { ...context, manifest, read, view });
    this.#fetchedBytes += await folder.stage();
    const committing = this.#commit(plan, { ...context, read });
    committing.catch(() => {});
    if (!isSame(plan.toServer)) await letGo(sides.folder);
    const server = serverAfter(plan, context.state);
    const told = describePlan(plan, sides);
    const { state, head } = context;
    const spaceTotals = isSame(plan.toServer) ? totals(state, head) : treeTotals(server.tree);
    // Where nothing changes here, what is to be remembered is known before the server has answered.
    if (isSame(plan.toFolder)) this.#workspace.state.packAhead(view.truth, this.#base);
    const reached = await committing;
    if (typeof reached === "string") return reached;
    // Another commit came in between: what it changed has yet to come here.
    if (reached.root !== server.root && this.#strategy.direction === "sync") {
      this.#committed.push(told);
      return "changed_meanwhile";
    }
    this.#intendForFolder(planning, intended);
    const applied = await folder.apply();
    context.progress.phase("remember");
    const outcome = { reached, server, applied, told, totals: spaceTotals };
    if (reached.root === server.root) this.#save(planning, outcome);
    return this.#report(planning, outcome);
  }

  /**
   * Keeps what the server is to change. What is to come to the folder is no work of this run before the server has its part:
   * it may be the user's.
   */
  #intendForServer({ context, view, plan, sides, intents }: Planning): Intents {
    const diffs = { server: plan.toServer, folder: plan.toFolder };
    const intended = intend(intents, diffs, { folder: view.truth, settled: sides.agreed });
    const first = isSame(plan.toServer) ? intended : { ...intended, folder: intents.folder };
    if (!isQuiet(plan)) context.workspace.state.saveIntents(first);
    return intended;
  }

  /** Keeps what the folder is to change as well, where that waited for the server. */
  #intendForFolder({ context, plan }: Planning, intended: Intents): void {
    if (!isSame(plan.toServer) && !isSame(plan.toFolder)) context.workspace.state.saveIntents(intended);
  }

  #guard({ toFolder, toServer }: Plan, { agreed, folder, server }: Sides): void {
    const { confirmDeletes: confirmed, confirmChanges, guards: limits = guardLimits } = this.#options;
    // What is new on one side must not make what goes on the other look small.
    const known = this.#strategy.direction === "sync" ? agreed : undefined;
    const guard = { limits, confirmed, confirmedChanges: confirmChanges, known };
    guardChanges(toServer, server, { place: "the server", ...guard });
    guardChanges(toFolder, folder, { place: `"${this.#workspace.disk.root}"`, ...guard });
  }

  async #commit(
    { toServer, manifests }: Plan,
    run: RunContext & { readonly read: LocalRead },
  ): Promise<Reached | "changed_meanwhile" | "missing_chunks"> {
    if (isSame(toServer)) return { revision: run.state.revision, root: run.state.root };
    this.#progress.phase("commit");
    const outcome = await commitChanges(toServer, { ...run, manifests: [run.read.manifests, manifests ?? new Map()] });
    // A server that goes down loses what it was sent and did not flush; time after time is another matter.
    if (outcome !== "missing_chunks" || this.#trusting || ++this.#timesLost < timesLostMax) return outcome;
    throw new Failure("corrupt", "The server does not keep chunks that it was sent", {
      hint: `Look at the log of the server at ${this.#workspace.remote}`,
    });
  }

  #save({ context, read, view, intents, sides, plan }: Planning, { reached, server, applied }: Outcome): void {
    const conflicts = new Set(plan.conflicts.flatMap(({ outcome, path }) => outcome === "manual" ? [path] : []));
    const next = settleBase({
      ...{ revision: reached.revision, server, folder: applied.tree, meant: applied.meant, agreed: sides.agreed },
      reasonOf: (path) => conflicts.has(path) ? "conflict" : view.aside.get(path) ?? "left",
    });
    const pending = intentParts.some((part) => intents[part] !== undefined);
    if (this.#base !== undefined && isSameBase(this.#base, next) && !pending) return;
    this.#workspace.saveBase(next, {
      before: this.#base,
      manifests: new Map([...context.state.manifests, ...read.manifests, ...plan.manifests ?? []]),
      intents: intentsAt(intents, (path) => view.aside.get(path) === "left"),
    });
  }

  #report({ view }: Planning, outcome: Outcome): SyncReport {
    const { reached, server, applied, told } = outcome;
    const problems = [...view.problems, ...applied.problems];
    const proven = provenRoot({ ...view, ...applied }, applied.tree, server) === reached.root;
    return {
      ...{ direction: this.#strategy.direction, dryRun: false },
      ...withCommitted(told, this.#committed),
      ...outcome.totals,
      ...{ ...reached, fetchedBytes: this.#fetchedBytes, sentBytes: this.#sentBytes, problems },
      synchronized: proven && !problems.some(isUnsure),
    };
  }
}

/** What an attempt is about to do, and what it came to that by. */
interface Planning {
  readonly context: RunContext;
  readonly read: LocalRead;
  readonly view: FolderView;
  /** What runs before set out to do. */
  readonly intents: Intents;
  readonly sides: Sides;
  readonly plan: Plan;
}

/** What came of it. */
interface Outcome {
  readonly reached: Reached;
  /** The server's space as it was to be. */
  readonly server: HashedTree;
  readonly applied: ChangedFolder;
  readonly told: Planned;
  /** How much the space holds. */
  readonly totals: Pick<SyncReport, "files" | "totalBytes">;
}

/**
 * Lets what was asked of the server be on its way before walking or hashing a large tree, which does not let go of the
 * thread: so the server works meanwhile.
 */
async function letGo(tree: Tree): Promise<void> {
  if (countNodes(tree) >= longNodes) await nextTurn();
}

function isUnsure({ kind }: ScanProblem): boolean {
  return kind !== "unsupported";
}

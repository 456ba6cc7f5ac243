import { type Clock, Failure, type Hash, rootPath, type SafePath } from "../core/mod.ts";
import { encodeManifestDelta, type MetadataRecord } from "../metadata/binary/mod.ts";
import { emptyContent, Manifest, type SpaceHead } from "../metadata/mod.ts";
import {
  chunkBytesMin,
  describeDiff,
  diffTrees,
  emptyTreeOf,
  getNode,
  isSame,
  type LocalNode,
  type Scan,
  scanFolder,
  type Tree,
  type TreeDiff,
  treeHashes,
} from "../sync/mod.ts";
import type { EventBus } from "../events/mod.ts";
import { guardDeletes, pathsShownMax, undonePaths } from "./guards.ts";
import { observedRun } from "./observed_run.ts";
import { intend, type Intent, settleIntent } from "./intent.ts";
import { completeTree, type LocalRead, readFiles } from "./read_local.ts";
import type { Remote } from "./remote.ts";
import { emptyHead, readRemoteState, type RemoteState } from "./remote_state.ts";
import { type ProgressListener, silentProgress, type SyncReport } from "./report.ts";
import { treeTotals } from "./tree_totals.ts";
import { Uploader } from "./uploader.ts";
import type { Workspace } from "./workspace.ts";
import type { Base } from "./workspace_state.ts";

/** Options of {@linkcode push} and `pull`. */
export interface TransferOptions {
  /** Tells the time for the stamps of files and for what is announced. */
  readonly clock: Clock;
  /** Find out what would happen, and change nothing. */
  readonly dryRun?: boolean;
  /** Overwrite what the other side changed. */
  readonly force?: boolean;
  /** Read every file, whatever its times say. */
  readonly checksum?: boolean;
  /** How many deletions the user agreed to. */
  readonly confirmDeletes?: number | undefined;
  /** Told how far it is while files are read and bytes travel; nobody is unless given. */
  readonly progress?: ProgressListener;
  /** Where to tell how it began and ended; a dry run is not told of. */
  readonly events?: EventBus;
}

/** How often a push starts over because the server lacked chunks or changed meanwhile. */
const pushAttemptsMax = 3;

/**
 * Makes the server's space equal to the folder, in one commit.
 *
 * @throws {Failure} kind `refused` if that would undo changes on the server that this folder never saw, or delete a
 * large part of it.
 */
export function push(workspace: Workspace, remote: Remote, options: TransferOptions): Promise<SyncReport> {
  const run = () => pushFolder(workspace, remote, options);
  return observedRun({ direction: "push", workspace, remote, options }, run);
}

async function pushFolder(workspace: Workspace, remote: Remote, options: TransferOptions): Promise<SyncReport> {
  const progress = options.progress ?? silentProgress;
  progress.phase("scan");
  const heading = headOf(remote, options);
  heading.catch(() => {});
  const base = workspace.loadBase();
  const known = base?.tree ?? emptyTreeOf<LocalNode>();
  let scan = scanFolder(workspace.disk, known, { checksum: options.checksum ?? false });
  let trusting = true;
  for (let attempt = 1; attempt <= pushAttemptsMax; attempt++) {
    const head = await (attempt === 1 ? heading : headOf(remote, options));
    progress.phase("compare");
    const outcome = await new PushRun({ workspace, remote, options, progress, base, scan, trusting }).against(head);
    if (outcome === "missing_chunks") {
      trusting = false;
      scan = scanFolder(workspace.disk, known, { checksum: true });
    } else if (outcome !== "changed_meanwhile") return outcome;
  }
  throw new Failure("conflict", "The server kept changing while this push was under way", { hint: "Run it again" });
}

/** Where the space stands; a push brings a space that does not exist into being. */
async function headOf(remote: Remote, options: TransferOptions): Promise<SpaceHead> {
  const head = await remote.head();
  if (head !== undefined) return head;
  return options.dryRun ? emptyHead(remote.space) : await remote.createSpace();
}

/** In what the server was not as this client expected. */
type Mismatch = "changed_meanwhile" | "missing_chunks";

/** Where the space stands after a commit. */
interface Reached {
  readonly revision: number;
  readonly root: Hash;
}

interface PushContext {
  readonly workspace: Workspace;
  readonly remote: Remote;
  readonly options: TransferOptions;
  readonly progress: ProgressListener;
  readonly base: Base | undefined;
  readonly scan: Scan;
  /** Whether chunks of earlier versions are taken to be on the server unasked. */
  readonly trusting: boolean;
}

/** One attempt at a push. */
class PushRun {
  readonly #context: PushContext;

  constructor(context: PushContext) {
    this.#context = context;
  }

  /** Pushes onto a head; says so if the server was not as expected, and another attempt is due. */
  async against(head: SpaceHead): Promise<SyncReport | Mismatch> {
    const { workspace, remote, options, progress, base } = this.#context;
    const state = await readRemoteState(remote, head, {
      base,
      manifest: (content) => workspace.state.manifest(content),
    });
    const intent = workspace.state.loadIntent();
    if (!options.force) await this.#refuseUndoing(state, intent);
    progress.phase("transfer");
    using uploader = options.dryRun ? undefined : new Uploader(remote);
    const read = await this.#read(this.#context.scan, uploader);
    await uploader?.finish();
    const local = completeTree(this.#context.scan, read, state.tree);
    const diff = diffTrees(state.tree, local);
    guardDeletes(diff, state.tree, { place: "the server", confirmed: options.confirmDeletes });
    const hashes = treeHashes(local, base);
    const root = hashes.get(rootPath)!;
    const report = {
      direction: "push",
      dryRun: options.dryRun ?? false,
      changes: describeDiff(diff, state.tree),
      problems: [...this.#context.scan.problems, ...read.problems],
      contentBytes: uploader?.counts.bytes ?? 0,
      ...(isSame(diff) ? { files: head.files, totalBytes: head.bytes } : treeTotals(local)),
    } as const;
    if (options.dryRun) {
      return { ...report, revision: state.revision, root: state.root, synchronized: root === state.root };
    }
    if (!isSame(diff)) workspace.state.saveIntent(intend("server", diff, intent));
    const reached = isSame(diff) ? state : await this.#commit(state, diff, read);
    if (typeof reached === "string") return reached;
    progress.phase("remember");
    const synchronized = reached.root === root;
    if (synchronized) this.#save({ revision: reached.revision, tree: local, hashes }, read, state);
    return { ...report, revision: reached.revision, root: reached.root, synchronized };
  }

  #read(scan: Pick<Scan, "unread">, sink: Uploader | undefined): Promise<LocalRead> {
    const { workspace, options, progress, trusting } = this.#context;
    const bytes = scan.unread.reduce((sum, { stat }) => sum + stat.size, 0);
    if (sink !== undefined) progress.expect({ files: scan.unread.length, bytes });
    const manifest = trusting ? (content: Hash) => workspace.state.manifest(content) : undefined;
    return readFiles(workspace.disk, scan.unread, { clock: options.clock, sink, manifest, progress });
  }

  /** Refuses to undo what changed on the server since the base and never came to this folder. */
  async #refuseUndoing(state: RemoteState, intent: Intent | undefined): Promise<void> {
    const { base, scan } = this.#context;
    const before = state.follows && base !== undefined ? base.tree : emptyTreeOf<LocalNode>();
    const suspects = diffTrees(before, state.tree);
    if (isSame(suspects)) return;
    const unread = scan.unread.filter(({ path }) => suspects.puts.has(path) || suspects.deletes.has(path));
    const local = completeTree(scan, await this.#read({ unread }, undefined), state.tree);
    const known = settleIntent(before, intent, { folder: local, server: state.tree });
    const undone = undonePaths(diffTrees(known, state.tree), known, local);
    if (undone.length === 0) return;
    const never = base === undefined ? "holds" : "changed";
    throw new Failure("refused", `The server ${never} ${undone.length} paths that this folder never pulled`, {
      hint: "Pull first, or overwrite the server's with --force",
      details: undone.slice(0, pathsShownMax),
    });
  }

  async #commit(
    state: RemoteState,
    diff: TreeDiff,
    read: LocalRead,
  ): Promise<Reached | Mismatch> {
    const { remote, workspace, progress, trusting } = this.#context;
    progress.phase("commit");
    const answer = await remote.commit(this.#records(state, diff, read));
    if (answer.outcome === "applied") return answer;
    if (answer.outcome === "missing_chunks" && !trusting) {
      throw new Failure("corrupt", "The server does not keep chunks that it was sent", {
        hint: `Look at the log of the server at ${workspace.remote}`,
      });
    }
    return answer.outcome;
  }

  *#records(state: RemoteState, diff: TreeDiff, read: LocalRead): Generator<MetadataRecord> {
    const { workspace } = this.#context;
    yield { type: "commit", id: crypto.randomUUID(), client: workspace.clientId, baseRevision: state.revision };
    for (const path of diff.deletes) yield { type: "deletion", path, version: 0, revision: 0 };
    for (const [path, { entry }] of diff.puts) {
      const previous = getNode(state.tree, path)?.entry;
      const manifest = entry.kind === "file" && read.manifests.get(entry.content);
      if (manifest && !(previous?.kind === "file" && previous.content === entry.content)) {
        const known = previous?.kind === "file" && previous.size > chunkBytesMin
          ? state.manifests.get(previous.content) ?? workspace.state.manifest(previous.content)
          : undefined;
        yield {
          type: "manifest",
          content: entry.content,
          against: known && previous?.kind === "file" ? previous.content : emptyContent,
          delta: encodeManifestDelta(manifest, known ?? Manifest.of([])),
        };
      }
      yield { type: "entry", path, entry, version: 0, revision: 0 };
    }
  }

  #save(
    next: { revision: number; tree: Tree<LocalNode>; hashes: ReadonlyMap<SafePath, Hash> },
    read: LocalRead,
    state: RemoteState,
  ): void {
    const { workspace, base } = this.#context;
    if (base?.revision === next.revision && base.tree === next.tree) return;
    workspace.saveBase(next, { before: base, manifests: new Map([...state.manifests, ...read.manifests]) });
  }
}

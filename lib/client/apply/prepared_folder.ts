import { type Hash, parentPath, type SafePath } from "../../core/mod.ts";
import { type Entry, type FileEntry, type Manifest, sameContent } from "../../metadata/mod.ts";
import {
  getNode,
  inOrder,
  isSame,
  type LocalNode,
  type Scan,
  type ScanProblem,
  type Tree,
  type TreeDiff,
  withChanges,
} from "../../sync/mod.ts";
import { type Applied, applyChanges } from "./apply_changes.ts";
import { type KeptFile, manifestOfFile, overwrittenFiles, planFetch, SimilarFiles } from "../transfer/mod.ts";
import { findMoves } from "./find_moves.ts";
import { type FolderView, holdsIgnored, type LocalRead } from "../folder/mod.ts";
import type { TransferOptions } from "../options.ts";
import { type Remote, unreadableProblem } from "../remote/mod.ts";
import type { ProgressListener } from "../report.ts";
import { stageFiles } from "./stage_files.ts";
import { Staging } from "./staging.ts";
import type { Workspace } from "../workspace/mod.ts";

/** What a {@linkcode PreparedFolder} works with. */
export interface PreparedFolderContext {
  readonly workspace: Workspace;
  readonly remote: Remote;
  readonly options: TransferOptions;
  readonly progress: ProgressListener;
  readonly scan: Scan;
  readonly read: LocalRead;
  readonly view: FolderView;
  /** The chunk list of a content that either side has or had. */
  readonly manifest: (content: Hash) => Manifest | undefined;
}

/** What became of the folder. */
export interface ChangedFolder {
  /** The folder as it is now. */
  readonly tree: Tree<LocalNode>;
  /** What is to be at a path, where the disk does not keep its time or its permissions. */
  readonly meant: ReadonlyMap<SafePath, Entry>;
  /** What was left as it was. */
  readonly problems: readonly ScanProblem[];
}

/** Changes of a folder that are put together beside it first, and then take their place. */
export class PreparedFolder {
  readonly #diff: TreeDiff;
  /** Where the server cannot give what is to be. */
  readonly #unreadable: SafePath[] = [];
  readonly #context: PreparedFolderContext;
  readonly #staging: Staging;
  /** Which of several files with its content each staged one is. */
  readonly #uses = new Map<SafePath, number>();
  #moves: ReadonlyMap<SafePath, SafePath> = new Map();

  /** Changes nothing yet. */
  constructor(diff: TreeDiff, context: PreparedFolderContext) {
    this.#diff = diff;
    this.#context = context;
    this.#staging = new Staging(context.workspace.disk);
  }

  /** Puts together what is new; gives how many bytes were fetched for it. */
  async stage(): Promise<number> {
    if (isSame(this.#diff)) return 0;
    const { remote, workspace, progress, view } = this.#context;
    const fresh = filesToStage(this.#diff, view.tree);
    const { foldsNames = false } = workspace.disk;
    this.#moves = findMoves(fresh, { diff: this.#diff, local: view.truth, foldsNames });
    const files = fresh.filter(([path]) => !this.#moves.has(path));
    progress.phase("transfer");
    progress.expect({ files: files.length, bytes: files.reduce((sum, [, { size }]) => sum + size, 0) });
    const similar = new SimilarFiles(overwrittenFiles(this.#diff, view.truth));
    const planned = planFetch(files.map(([, file]) => file), {
      local: view.truth,
      manifestOf: (file) => this.#manifestOf(file),
      earlier: files.map(([path, { size }]) => this.#fileAt(path) ?? similar.find(path, size)),
    });
    files.forEach(([path], index) => this.#uses.set(path, planned[index]!.use));
    this.#staging.open();
    const { fetchedBytes, unreadable } = await stageFiles(planned, {
      remote,
      disk: workspace.disk,
      staging: this.#staging,
      inFlight: this.#context.options.inFlight,
      onBytes: (bytes) => progress.advance({ bytes }),
    });
    for (const [index, [path]] of files.entries()) if (unreadable.has(planned[index]!)) this.#unreadable.push(path);
    return fetchedBytes;
  }

  /** Lets everything take its place. */
  async apply(): Promise<ChangedFolder> {
    const { workspace, options, progress, scan, view } = this.#context;
    const { truth } = view;
    if (isSame(this.#diff)) {
      this.#staging.clear();
      return { tree: truth, meant: view.meant, problems: [] };
    }
    progress.phase("apply");
    const puts = new Map(this.#diff.puts);
    for (const path of this.#unreadable) puts.delete(path);
    const applied = await applyChanges({ ...this.#diff, puts }, {
      disk: workspace.disk,
      local: truth,
      stagedPath: (path, { content }) => this.#staging.path(content, this.#uses.get(path)!),
      moves: this.#moves,
      linkPath: this.#staging.linkPath,
      now: () => options.clock.now(),
      mayStay: (directory) => holdsIgnored(directory, scan),
    });
    this.#staging.clear();
    const problems = this.#unreadable.map((path) =>
      ({ path, problem: unreadableProblem, kind: "unreadable" }) as const
    );
    const meant = new Map([...view.meant].filter(([path]) => !applied.changes.has(path)));
    for (const [path, entry] of applied.unkept) meant.set(path, entry);
    const tree = inOrder(withChanges(truth, applied.changes), this.#orders(applied));
    return { tree, meant, problems: [...applied.problems, ...problems] };
  }

  /** The order that the disk gave the names in directories where some are new. */
  *#orders({ changes }: Applied): Generator<readonly [SafePath, readonly string[]]> {
    const { workspace: { disk }, view: { truth } } = this.#context;
    const grown = new Set<SafePath>();
    for (const [path, node] of changes) {
      if (node !== undefined && getNode(truth, path) === undefined) grown.add(parentPath(path));
    }
    for (const directory of grown) {
      try {
        yield [directory, disk.readDirectory(directory).map(({ name }) => name)];
      } catch {
        // Any order will do; the next look takes a moment longer.
      }
    }
  }

  /** The file that lies at a path. */
  #fileAt(path: SafePath): KeptFile | undefined {
    const entry = getNode(this.#context.view.truth, path)?.entry;
    return entry?.kind === "file" ? { path, entry } : undefined;
  }

  #manifestOf(file: FileEntry): Manifest {
    const { manifest, read } = this.#context;
    return manifestOfFile(file, manifest, (content) => read.manifests.get(content));
  }
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

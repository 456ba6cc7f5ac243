import type { Clock, Hash, SafePath } from "../core/mod.ts";
import { Manifest } from "../metadata/mod.ts";
import {
  ContentReader,
  type Disk,
  getNode,
  type LocalNode,
  type Node,
  type Scan,
  type ScanProblem,
  type Tree,
  type UnreadFile,
  walkTree,
  type WindowSink,
  withChanges,
} from "../sync/mod.ts";
import type { ProgressListener } from "./report.ts";

/** What reading files gave. */
export interface LocalRead {
  /** What is now known to live at each path that was read. */
  readonly nodes: Map<SafePath, LocalNode>;
  /** The chunk lists of contents of more than one chunk. */
  readonly manifests: Map<Hash, Manifest>;
  readonly problems: ScanProblem[];
}

/** Options of {@linkcode readFiles}. */
export interface ReadOptions {
  readonly clock: Clock;
  /** Where the chunks go. */
  readonly sink?: WindowSink | undefined;
  /** The chunk list of a content from before; without it, nothing from before is relied on. */
  readonly manifest?: ((content: Hash) => Manifest | undefined) | undefined;
  readonly progress: ProgressListener;
}

/** Reads files, names their content, and hands their chunks on. */
export async function readFiles(disk: Disk, files: readonly UnreadFile[], options: ReadOptions): Promise<LocalRead> {
  const read: LocalRead = { nodes: new Map(), manifests: new Map(), problems: [] };
  const { progress } = options;
  const reader = new ContentReader(disk, {
    clock: options.clock,
    sink: options.sink,
    manifestOf: options.manifest,
    onBytes: (bytes) => progress.advance({ bytes }),
  });
  for (const file of files) {
    const content = await reader.read(file);
    progress.advance({ files: 1 });
    if ("problem" in content) {
      read.problems.push(content);
      continue;
    }
    read.nodes.set(content.path, content.node);
    if (content.manifest.length > 1) read.manifests.set(content.node.entry.content, content.manifest);
  }
  await reader.flush();
  return read;
}

/**
 * The folder's tree, put together from the scan and from what reading gave. A path that could not be read is as `other`
 * has it, with everything below it: it shows neither as changed nor as deleted.
 */
export function completeTree(scan: Scan, read: LocalRead, other: Tree): Tree<LocalNode> {
  const unknown = new Map<SafePath, LocalNode | undefined>();
  for (const problem of [...scan.problems, ...read.problems]) {
    if (problem.kind === "unsupported") continue;
    const path = problem.path as SafePath;
    const node: Node | undefined = getNode(other, path);
    for (const [below] of walkTree(scan.tree, path)) unknown.set(below, undefined);
    unknown.set(path, node && { entry: node.entry });
    if (node?.entry.kind !== "directory") continue;
    for (const [below, inside] of walkTree(other, path)) unknown.set(below, { entry: inside.entry });
  }
  const changes = [...read.nodes, ...unknown];
  return changes.length === 0 ? scan.tree : withChanges(scan.tree, changes);
}

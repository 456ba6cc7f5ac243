import type { Clock, Hash, SafePath } from "../../core/mod.ts";
import { Manifest } from "../../metadata/mod.ts";
import {
  ContentReader,
  type Disk,
  type LocalNode,
  type ScanProblem,
  type UnreadFile,
  type WindowSink,
} from "../../sync/mod.ts";
import type { ProgressListener } from "../report.ts";

/** What reading files gave. */
export interface LocalRead {
  /** What is now known to live at each path that was read. */
  readonly nodes: Map<SafePath, LocalNode>;
  /** The chunk lists of contents of more than one chunk. */
  readonly manifests: Map<Hash, Manifest>;
  /** What could not be read. */
  readonly problems: ScanProblem[];
}

/** Options of {@linkcode readFiles}. */
export interface ReadOptions {
  /** Tells whether a file changed just now. */
  readonly clock: Clock;
  /** Where the chunks go. */
  readonly sink?: WindowSink | undefined;
  /** The chunk list of a content from before; without it, nothing from before is relied on. */
  readonly manifest?: ((content: Hash) => Manifest | undefined) | undefined;
  /** Told after every file. */
  readonly progress: ProgressListener;
}

/** Reads files, names their content, and hands their chunks on. */
export async function readFiles(disk: Disk, files: readonly UnreadFile[], options: ReadOptions): Promise<LocalRead> {
  const read: LocalRead = { nodes: new Map(), manifests: new Map(), problems: [] };
  if (files.length === 0) return read;
  const { progress } = options;
  const reader = new ContentReader(disk, {
    clock: options.clock,
    sink: options.sink,
    manifestOf: options.manifest,
    bytes: files.reduce((sum, { stat }) => sum + stat.size, 0),
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

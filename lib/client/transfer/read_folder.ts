import type { SafePath } from "../../core/mod.ts";
import { sameContent } from "../../metadata/mod.ts";
import { getNode, type HashedTree, type Scan, treeHashes, type UnreadFile, withChanges } from "../../sync/mod.ts";
import type { TransferOptions } from "../options.ts";
import { goneFiles } from "./gone_files.ts";
import { type LocalRead, readFiles } from "../folder/mod.ts";
import { silentProgress } from "../report.ts";
import { similarBytesMin, SimilarFiles } from "./similar_files.ts";
import type { RunContext } from "../strategy.ts";
import { Uploader } from "./uploader.ts";
import type { Workspace } from "../workspace/mod.ts";

/** A folder of which nothing was remembered, read. */
export interface FolderLook {
  /** What reading its files brought. */
  readonly read: LocalRead;
  /** The folder as it is, with its hashes. */
  readonly folder: HashedTree;
}

/**
 * Reads a folder of which nothing is remembered, sending nothing: it may well be like the space, and then next to nothing
 * has to be told or sent.
 */
export async function lookAtFolder(
  { disk }: Workspace,
  scan: Scan,
  { clock }: TransferOptions,
): Promise<FolderLook> {
  const read = await readFiles(disk, scan.unread, { clock, progress: silentProgress });
  const tree = withChanges(scan.tree, read.nodes);
  return { read, folder: { tree, hashes: treeHashes(tree) } };
}

/** How {@linkcode readFolder} reads. */
export interface ReadFolderOptions {
  /** Whether what the server lacks is sent to it. */
  readonly sends: boolean;
  /** Whether chunks of earlier versions are taken to be on the server unasked. */
  readonly trusting: boolean;
  /** What was read already. */
  readonly look: LocalRead | undefined;
}

/** Reads what changed in a folder; gives also how many bytes went to the server. */
export async function readFolder(
  { workspace, remote, options, progress, before, scan, manifest, state }: RunContext,
  { sends, trusting, look }: ReadFolderOptions,
): Promise<{ readonly read: LocalRead; readonly sentBytes: number }> {
  if (look !== undefined && !sends) return { read: look, sentBytes: 0 };
  const isThere = (path: SafePath): boolean => {
    const [here, there] = [look?.nodes.get(path)?.entry, getNode(state.tree, path)?.entry];
    return here !== undefined && there !== undefined && sameContent(here, there);
  };
  const unread = look === undefined ? scan.unread : scan.unread.filter(({ path }) => !isThere(path));
  const files = sends && trusting ? withSimilar(unread, { before, scan, state }) : unread;
  using uploader = sends ? new Uploader(remote, options) : undefined;
  const told = sends ? progress : silentProgress;
  told.phase("transfer");
  told.expect({ files: files.length, bytes: files.reduce((sum, { stat }) => sum + stat.size, 0) });
  const fresh = await readFiles(workspace.disk, files, {
    clock: options.clock,
    sink: uploader,
    manifest: trusting ? manifest : undefined,
    progress: told,
  });
  await uploader?.finish();
  const read = look === undefined ? fresh : {
    nodes: new Map([...look.nodes, ...fresh.nodes]),
    manifests: new Map([...look.manifests, ...fresh.manifests]),
    problems: fresh.problems,
  };
  return { read, sentBytes: uploader?.counts.bytes ?? 0 };
}

/** Tells for each new file which other it may be a later version of: the server's, or one that went away here. */
function withSimilar(
  files: readonly UnreadFile[],
  { before, scan, state }: Pick<RunContext, "before" | "scan" | "state">,
): readonly UnreadFile[] {
  const isNew = ({ known, stat }: UnreadFile): boolean => known === undefined && stat.size >= similarBytesMin;
  if (!files.some(isNew)) return files;
  const gone = new SimilarFiles(goneFiles(before, scan.tree));
  return files.map((file) => {
    if (!isNew(file)) return file;
    const there = getNode(state.tree, file.path)?.entry;
    const similar = there?.kind === "file" ? there : gone.find(file.path, file.stat.size)?.entry;
    return similar === undefined ? file : { ...file, similar };
  });
}

import { Failure, type Hash, rootPath, type SafePath } from "../core/mod.ts";
import { decodeManifestDelta, type ManifestRecord, type MetadataRecord } from "../metadata/binary/mod.ts";
import { emptyContent, emptyTree, Manifest, type SpaceHead } from "../metadata/mod.ts";
import { emptyTreeOf, type HashedTree, type Node, type Tree, treeHashes, withChanges } from "../sync/mod.ts";
import type { Remote } from "./remote.ts";
import type { Base } from "./workspace_state.ts";

/** A space as it was at one revision, proven by its root hash. */
export interface RemoteState extends HashedTree {
  readonly revision: number;
  /** The Merkle hash of the whole tree. */
  readonly root: Hash;
  /** Chunk lists that came with it: those of large files that the base does not hold. */
  readonly manifests: ReadonlyMap<Hash, Manifest>;
}

/** Options of {@linkcode readRemoteState}. */
export interface RemoteStateOptions {
  /** The state at which both sides last agreed, if they did. */
  readonly base: Base | undefined;
  /** Chunk lists the client keeps. */
  readonly manifest: (content: Hash) => Manifest | undefined;
}

/** How often a space is read anew when it changed while it was read. */
const snapshotAttemptsMax = 4;
/** The most chunks a file may have. */
const fileChunksMax: number = 16 * 1024 * 1024;

/**
 * Reads what a space holds: nothing at all if it stands where the base does, the changes since if that leads to the
 * root hash the server names, and else everything. What is returned has that root hash, so a server that was set back,
 * or exchanged, is noticed and not believed in part.
 */
export async function readRemoteState(
  remote: Remote,
  head: SpaceHead,
  options: RemoteStateOptions,
): Promise<RemoteState> {
  const { base } = options;
  const baseRoot = base?.hashes.get(rootPath);
  if (base !== undefined && head.revision === base.revision && head.root === baseRoot) {
    return { ...base, root: head.root, manifests: new Map() };
  }
  if (head.revision === 0) return emptyState;
  if (base !== undefined && head.revision > base.revision) {
    const state = await collect(remote.changes(base.revision), { ...options, start: base });
    if (state !== undefined) return state;
  }
  for (let attempt = 0; attempt < snapshotAttemptsMax; attempt++) {
    const state = await collect(remote.snapshot(), { ...options, start: undefined });
    if (state !== undefined) return state;
  }
  throw new Failure("corrupt", `The space "${head.space}" does not have the content its root hash names`, {
    hint: "If many clients write to it at this moment, try again; else verify the server's store",
  });
}

const emptyState: RemoteState = {
  revision: 0,
  root: emptyTree,
  tree: emptyTreeOf(),
  hashes: new Map([[rootPath, emptyTree]]),
  manifests: new Map(),
};

/** A space that does not exist yet, as one that holds nothing. */
export function emptyHead(space: string): SpaceHead {
  return { space, revision: 0, root: emptyTree, files: 0, entries: 0, bytes: 0, committedAtMs: 0 };
}

/** Applies records to a tree; gives the outcome if it has the root hash that the server names. */
async function collect(
  source: AsyncIterable<MetadataRecord[]>,
  options: RemoteStateOptions & { readonly start: HashedTree | undefined },
): Promise<RemoteState | undefined> {
  const changes = new Map<SafePath, Node | undefined>();
  const manifests = new Map<Hash, Manifest>();
  let head: { revision: number; root: Hash } | undefined;
  for await (const records of source) {
    for (const record of records) {
      if (record.type === "head") head = record;
      else if (record.type === "entry") changes.set(record.path, { entry: record.entry });
      else if (record.type === "deletion") changes.set(record.path, undefined);
      else if (record.type === "manifest") {
        const manifest = readManifest(record, options);
        if (manifest === undefined) return undefined;
        manifests.set(record.content, manifest);
      }
    }
  }
  if (head === undefined) throw new Failure("corrupt", "The server's answer does not say which revision it is of");
  const tree: Tree = withChanges<Node>(options.start?.tree ?? emptyTreeOf<Node>(), changes);
  const hashes = treeHashes(tree, options.start);
  const { revision, root } = head;
  return hashes.get(rootPath) === root ? { revision, root, tree, hashes, manifests } : undefined;
}

/** The chunk list a record tells, or nothing if it is told against one that this client does not have. */
function readManifest(record: ManifestRecord, options: RemoteStateOptions): Manifest | undefined {
  const against = record.against === emptyContent ? Manifest.of([]) : options.manifest(record.against);
  if (against === undefined) return undefined;
  const manifest = decodeManifestDelta(record.delta, against, { chunksMax: fileChunksMax });
  if (manifest.ok && manifest.value.contentId() === record.content) return manifest.value;
  throw new Failure("corrupt", `The server's chunk list of the content ${record.content} is broken`);
}

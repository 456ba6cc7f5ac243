import { Failure, type Hash, parentPath, rootPath, type SafePath } from "../../core/mod.ts";
import { decodeManifestDelta, type ManifestRecord, type MetadataRecord } from "../../metadata/binary/mod.ts";
import {
  emptyContent,
  emptyTree,
  fileChunksMax,
  type FileEntry,
  Manifest,
  type SpaceHead,
} from "../../metadata/mod.ts";
import { chunkBytesMax } from "../../storage/mod.ts";
import {
  chunkBytesMin,
  contentProblem,
  emptyTreeOf,
  getNode,
  type HashedTree,
  isReservedPath,
  type Node,
  type Tree,
  treeHashes,
  withChanges,
} from "../../sync/mod.ts";
import type { Base } from "../workspace/mod.ts";
import { descend } from "./descend.ts";
import type { Remote } from "./remote.ts";

/** A space as it was at one revision, proven by its root hash. */
export interface RemoteState extends HashedTree {
  /** The revision of the space. */
  readonly revision: number;
  /** The Merkle hash of the whole tree. */
  readonly root: Hash;
  /** Chunk lists that came with it: those of large files that the base does not hold. */
  readonly manifests: ReadonlyMap<Hash, Manifest>;
  /**
   * Whether the base is in the space's past. It is not in that of a server that was set back to an older copy of its
   * data, or exchanged: what the base says then proves nothing about who changed what.
   */
  readonly follows: boolean;
}

/** Options of {@linkcode readRemoteState}. */
export interface RemoteStateOptions {
  /** The state at which both sides last agreed, if they did. */
  readonly base: Base | undefined;
  /** Chunk lists the client keeps. */
  readonly manifest: (content: Hash) => Manifest | undefined;
  /**
   * A tree that may be much like the server's: where the base does not lead there, only what differs from it is read.
   * The base unless told.
   */
  readonly hint?: HashedTree | undefined;
}

/** How often a space is read anew when it changed while it was read. */
const readAttemptsMax = 4;
/** The most paths that an answer may name. */
const pathsMax = 8_000_000;

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
    const { revision, tree, hashes } = base;
    return { revision, root: head.root, tree, hashes, manifests: new Map(), follows: true };
  }
  if (head.revision === 0) return { ...emptyState, follows: base === undefined || baseRoot === emptyTree };
  if (base !== undefined && head.revision > base.revision) {
    const state = await readChanges(remote, base, options);
    if (state !== undefined) return { ...state, follows: true };
  }
  const hint = options.hint ?? base;
  for (let attempt = 0; attempt < readAttemptsMax; attempt++) {
    const source = hint === undefined ? remote.snapshot() : descend(remote, hint);
    const read = await collect(source, { ...options, start: hint });
    if (read.state !== undefined) return { ...read.state, follows: base === undefined || read.state.root === baseRoot };
  }
  throw new Failure("corrupt", `The space "${head.space}" does not have the content its root hash names`, {
    hint: "If many clients write to it at this moment, try again; else verify the server's store",
  });
}

const emptyState: Omit<RemoteState, "follows"> = {
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

/** Goes on from the base; nothing if the changes do not lead to the root hash, though no commit came in between. */
async function readChanges(remote: Remote, base: Base, options: RemoteStateOptions): Promise<State | undefined> {
  let before: Hash | undefined;
  for (let attempt = 0; attempt < readAttemptsMax; attempt++) {
    const read = await collect(remote.changes(base.revision), { ...options, start: base });
    if (read.state !== undefined || read.root === before) return read.state;
    before = read.root;
  }
  return undefined;
}

type State = Omit<RemoteState, "follows">;

/** What an answer said: its root hash, and the state if it has that hash. */
interface Collected {
  readonly root: Hash;
  readonly state: State | undefined;
}

/** Applies records to a tree, and compares the outcome with the root hash that the server names. */
async function collect(
  source: AsyncIterable<MetadataRecord[]>,
  options: RemoteStateOptions & { readonly start: HashedTree | undefined },
): Promise<Collected> {
  const changes = new Map<SafePath, Node | undefined>();
  const manifests = new Map<Hash, Manifest>();
  let head: { revision: number; root: Hash } | undefined;
  let known = true;
  for await (const records of source) {
    for (const record of records) {
      if (record.type === "head") head = record;
      else if (record.type === "entry") changes.set(checkPath(record.path), { entry: record.entry });
      else if (record.type === "deletion") changes.set(record.path, undefined);
      else if (record.type === "manifest") {
        const manifest = readManifest(record, options);
        if (manifest === undefined) known = false;
        else manifests.set(record.content, manifest);
      }
    }
    if (changes.size > pathsMax) throw new Failure("corrupt", `The server names more than ${pathsMax} paths`);
  }
  if (head === undefined) throw new Failure("corrupt", "The server's answer does not say which revision it is of");
  const { revision, root } = head;
  const tree: Tree = withChanges<Node>(options.start?.tree ?? emptyTreeOf<Node>(), changes);
  const lists = { ...options, manifests };
  for (const [path, node] of changes) known &&= node === undefined || checkEntry(path, tree, lists);
  if (!known) return { root, state: undefined };
  const hashes = treeHashes(tree, options.start);
  return { root, state: hashes.get(rootPath) === root ? { revision, root, tree, hashes, manifests } : undefined };
}

/** Makes sure that nothing takes the place of dfs's own state. */
function checkPath(path: SafePath): SafePath {
  if (!isReservedPath(path)) return path;
  throw new Failure("corrupt", `The server holds ${JSON.stringify(path)}, a name that dfs keeps for itself`, {
    hint: "Nothing was changed here; remove it from the space with the program that put it there",
  });
}

/**
 * Makes sure that an entry lies in a folder, and that its bytes are as many as its chunks have.
 *
 * @returns Whether its chunk list is known.
 */
function checkEntry(
  path: SafePath,
  tree: Tree,
  options: RemoteStateOptions & { readonly manifests: ReadonlyMap<Hash, Manifest> },
): boolean {
  const parent = parentPath(path);
  if (parent !== rootPath && getNode(tree, parent)?.entry.kind !== "directory") {
    throw new Failure("corrupt", `The server names ${JSON.stringify(path)}, which lies in no folder`);
  }
  const entry = getNode(tree, path)?.entry;
  if (entry?.kind !== "file") return true;
  const { content, size } = entry;
  if (size > 0 && size <= chunkBytesMin && content !== emptyContent) return true;
  const manifest = options.manifests.get(content) ?? options.manifest(content) ?? singleChunk(entry);
  if (manifest === undefined) return false;
  const problem = contentProblem(entry, manifest);
  if (problem === undefined) return true;
  throw new Failure("corrupt", `The server's file ${JSON.stringify(path)} ${problem}`);
}

/** The chunk list of a file that is one chunk, or none; a longer file has its list elsewhere. */
function singleChunk({ content, size }: FileEntry): Manifest | undefined {
  if (size > chunkBytesMax) return undefined;
  return Manifest.of(size === 0 ? [] : [{ hash: content, length: size }]);
}

/** The chunk list a record tells, or nothing if it is told against one that this client does not have. */
function readManifest(record: ManifestRecord, options: RemoteStateOptions): Manifest | undefined {
  const against = record.against === emptyContent ? Manifest.of([]) : options.manifest(record.against);
  if (against === undefined) return undefined;
  const manifest = decodeManifestDelta(record.delta, against, { chunksMax: fileChunksMax });
  if (manifest.ok && manifest.value.contentId() === record.content) return manifest.value;
  throw new Failure("corrupt", `The server's chunk list of the content ${record.content} is broken`);
}

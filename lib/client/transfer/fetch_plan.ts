import { type Hash, joinPath, type SafePath } from "../../core/mod.ts";
import { type FileEntry, Manifest } from "../../metadata/mod.ts";
import {
  chunkBytesMin,
  eachNode,
  type EarlierChunk,
  type LocalNode,
  ManifestGuess,
  type Tree,
} from "../../sync/mod.ts";

/** Where the bytes of a chunk come from. */
export type ChunkSource =
  | {
    readonly from: "server";
    readonly hash: Hash;
    readonly length: number;
    /** Tells the chunks in the folder that it may be much like; absent if there is no earlier version. */
    readonly replaces?: (() => KeptChunk[]) | undefined;
  }
  | {
    readonly from: "folder";
    readonly hash: Hash;
    readonly length: number;
    readonly path: SafePath;
    readonly offset: number;
  }
  | {
    readonly from: "staging";
    readonly hash: Hash;
    readonly length: number;
    readonly content: Hash;
    readonly offset: number;
  };

/** A chunk that lies in the folder. */
export interface KeptChunk {
  /** Names the chunk. */
  readonly hash: Hash;
  /** How many bytes it has. */
  readonly length: number;
  /** Where the file lies that holds it. */
  readonly path: SafePath;
  /** Where in that file it begins. */
  readonly offset: number;
}

/** A file of the folder. */
export interface KeptFile {
  /** Where it lies. */
  readonly path: SafePath;
  /** What it is. */
  readonly entry: FileEntry;
}

/** A file to be put together. */
export interface PlannedFile {
  /** What it is to be. */
  readonly entry: FileEntry;
  /** Which of several files with this content it is, from 0. */
  readonly use: number;
  /** Where each of its chunks is to be had, in order. */
  readonly sources: readonly ChunkSource[];
}

/** Options of {@linkcode planFetch}. */
export interface FetchPlanOptions {
  /** The folder as it is. */
  readonly local: Tree<LocalNode>;
  /** The chunk list of a content that is in the folder or is to be. */
  readonly manifestOf: (file: FileEntry) => Manifest;
  /** The file of the folder that is an earlier version of the file of this place in the list, if there is one. */
  readonly earlier?: readonly (KeptFile | undefined)[];
}

/**
 * Decides for each file where its chunks come from: from the folder, if some file there holds them; from a file that is
 * put together before it; else from the server, which may make it of what the earlier version has in its place. Each
 * chunk is fetched once.
 *
 * @param files The files to put together, in the order this is to happen.
 */
export function planFetch(files: readonly FileEntry[], options: FetchPlanOptions): PlannedFile[] {
  const lists = new ChunkLists(options.manifestOf);
  const needed = new Set<Hash>();
  for (const file of files) lists.each(file, (hash) => needed.add(hash));
  const here = findInFolder(needed, lists, options.local);
  const staged = new Map<Hash, { readonly content: Hash; readonly offset: number }>();
  const uses = new Map<Hash, number>();
  return files.map((file, place) => {
    const replaced = replacedChunks(options.earlier?.[place], lists);
    const use = uses.get(file.content) ?? 0;
    uses.set(file.content, use + 1);
    const sources: ChunkSource[] = [];
    lists.each(file, (hash, length, offset) => {
      const replaces = replaced?.(hash, length);
      const inFolder = here.get(hash);
      const before = staged.get(hash);
      if (inFolder !== undefined) sources.push({ from: "folder", hash, length, ...inFolder });
      else if (before !== undefined) sources.push({ from: "staging", hash, length, ...before });
      else {
        sources.push({ from: "server", hash, length, replaces });
        staged.set(hash, { content: file.content, offset });
      }
    });
    return { entry: file, use, sources };
  });
}

/**
 * Follows the chunks of a file along those of its earlier version.
 *
 * @returns What to tell each chunk to, in order; it gives what tells the earlier chunks that may be much like it.
 */
function replacedChunks(
  earlier: KeptFile | undefined,
  lists: ChunkLists,
): ((hash: Hash, length: number) => (() => KeptChunk[]) | undefined) | undefined {
  if (earlier === undefined || earlier.entry.size === 0) return undefined;
  const { path, entry } = earlier;
  const manifest = lists.of(entry);
  const guess = new ManifestGuess(manifest);
  const offsets = new Float64Array(manifest.length);
  for (let index = 1; index < manifest.length; index++) {
    offsets[index] = offsets[index - 1]! + manifest.chunkLength(index - 1);
  }
  return (hash, length) => {
    if (guess.resume(hash)) return undefined;
    return keptChunks(guess.replaced(length), path, offsets);
  };
}

/** Tells where chunks lie in the folder. A function of its own, lest what it returns keep alive what led to it. */
function keptChunks(around: () => EarlierChunk[], path: SafePath, offsets: Float64Array): () => KeptChunk[] {
  return () => around().map(({ hash, length, index }) => ({ hash, length, path, offset: offsets[index]! }));
}

/**
 * The chunks of files. A small file is one chunk and needs no list: a hundred thousand lists would be in memory at once.
 */
class ChunkLists {
  readonly #manifestOf: (file: FileEntry) => Manifest;

  constructor(manifestOf: (file: FileEntry) => Manifest) {
    this.#manifestOf = manifestOf;
  }

  /** The chunk list of a file. */
  of(file: FileEntry): Manifest {
    const { content, size } = file;
    if (size > chunkBytesMin) return this.#manifestOf(file);
    return Manifest.of(size === 0 ? [] : [{ hash: content, length: size }]);
  }

  /** Tells each chunk of a file, in order. */
  each(file: FileEntry, tell: (hash: Hash, length: number, offset: number) => void): void {
    const { content, size } = file;
    if (size === 0) return;
    if (size <= chunkBytesMin) return tell(content, size, 0);
    const manifest = this.#manifestOf(file);
    let offset = 0;
    for (let index = 0; index < manifest.length; index++) {
      tell(manifest.hash(index), manifest.chunkLength(index), offset);
      offset += manifest.chunkLength(index);
    }
  }
}

/** Finds where in the folder the needed chunks lie, trusting only files that are as they were last read. */
function findInFolder(
  needed: ReadonlySet<Hash>,
  lists: ChunkLists,
  local: Tree<LocalNode>,
): Map<Hash, { readonly path: SafePath; readonly offset: number }> {
  const places = new Map<Hash, { readonly path: SafePath; readonly offset: number }>();
  if (needed.size === 0) return places;
  eachNode(local, ({ entry }, name, directory) => {
    if (entry.kind !== "file") return;
    lists.each(entry, (hash, _length, offset) => {
      if (needed.has(hash) && !places.has(hash)) places.set(hash, { path: joinPath(directory, name), offset });
    });
  });
  return places;
}

import type { Hash, SafePath } from "../core/mod.ts";
import type { FileEntry, Manifest } from "../metadata/mod.ts";
import { chunkBytesMin, type LocalNode, type Tree, walkTree } from "../sync/mod.ts";

/** Where the bytes of a chunk come from. */
export type ChunkSource =
  | { readonly from: "server"; readonly hash: Hash; readonly length: number }
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

/** A file to be put together. */
export interface PlannedFile {
  readonly content: Hash;
  readonly size: number;
  /** Which of several files with this content it is, from 0. */
  readonly use: number;
  readonly sources: readonly ChunkSource[];
}

/** Options of {@linkcode planFetch}. */
export interface FetchPlanOptions {
  /** The folder as it is. */
  readonly local: Tree<LocalNode>;
  /** The chunk list of a content that is in the folder or is to be. */
  readonly manifestOf: (file: FileEntry) => Manifest;
}

/**
 * Decides for each file where its chunks come from: from the folder, if some file there holds them; from a file that is
 * put together before it; else from the server. Each chunk is fetched once.
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
  return files.map((file) => {
    const use = uses.get(file.content) ?? 0;
    uses.set(file.content, use + 1);
    const sources: ChunkSource[] = [];
    lists.each(file, (hash, length, offset) => {
      const inFolder = here.get(hash);
      const before = staged.get(hash);
      if (inFolder !== undefined) sources.push({ from: "folder", hash, length, ...inFolder });
      else if (before !== undefined) sources.push({ from: "staging", hash, length, ...before });
      else {
        sources.push({ from: "server", hash, length });
        staged.set(hash, { content: file.content, offset });
      }
    });
    return { content: file.content, size: file.size, use, sources };
  });
}

/**
 * The chunks of files. A small file is one chunk and needs no list: a hundred thousand lists would be in memory at once.
 */
class ChunkLists {
  readonly #manifestOf: (file: FileEntry) => Manifest;

  constructor(manifestOf: (file: FileEntry) => Manifest) {
    this.#manifestOf = manifestOf;
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
  for (const [path, { entry }] of walkTree(local)) {
    if (entry.kind !== "file") continue;
    lists.each(entry, (hash, _length, offset) => {
      if (needed.has(hash) && !places.has(hash)) places.set(hash, { path, offset });
    });
  }
  return places;
}

import type { Hash, SafePath } from "../core/mod.ts";
import { type FileEntry, Manifest } from "../metadata/mod.ts";
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
export function planFetch(files: Iterable<FileEntry>, options: FetchPlanOptions): PlannedFile[] {
  const wanted = [...files].map((file) => ({ file, manifest: options.manifestOf(file) }));
  const needed = new Set<Hash>();
  for (const { manifest } of wanted) for (let i = 0; i < manifest.length; i++) needed.add(manifest.hash(i));
  const here = findInFolder(needed, options);
  const staged = new Map<Hash, { readonly content: Hash; readonly offset: number }>();
  const uses = new Map<Hash, number>();
  return wanted.map(({ file, manifest }) => {
    const use = uses.get(file.content) ?? 0;
    uses.set(file.content, use + 1);
    const sources: ChunkSource[] = [];
    let offset = 0;
    for (let index = 0; index < manifest.length; index++) {
      const hash = manifest.hash(index);
      const length = manifest.chunkLength(index);
      const inFolder = here.get(hash);
      const before = staged.get(hash);
      if (inFolder !== undefined) sources.push({ from: "folder", hash, length, ...inFolder });
      else if (before !== undefined) sources.push({ from: "staging", hash, length, ...before });
      else {
        sources.push({ from: "server", hash, length });
        staged.set(hash, { content: file.content, offset });
      }
      offset += length;
    }
    return { content: file.content, size: file.size, use, sources };
  });
}

/** Finds where in the folder the needed chunks lie, trusting only files that are as they were last read. */
function findInFolder(
  needed: ReadonlySet<Hash>,
  options: FetchPlanOptions,
): Map<Hash, { readonly path: SafePath; readonly offset: number }> {
  const places = new Map<Hash, { readonly path: SafePath; readonly offset: number }>();
  if (needed.size === 0) return places;
  for (const [path, { entry }] of walkTree(options.local)) {
    if (entry.kind !== "file" || entry.size === 0) continue;
    if (entry.size <= chunkBytesMin) {
      if (needed.has(entry.content)) places.set(entry.content, { path, offset: 0 });
      continue;
    }
    const manifest = options.manifestOf(entry);
    let offset = 0;
    for (let index = 0; index < manifest.length; index++) {
      const hash = manifest.hash(index);
      if (needed.has(hash) && !places.has(hash)) places.set(hash, { path, offset });
      offset += manifest.chunkLength(index);
    }
  }
  return places;
}

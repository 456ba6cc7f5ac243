import { baseName, parentPath, type SafePath } from "../../core/mod.ts";
import type { KeptFile } from "./fetch_plan.ts";

/** A shorter file is not looked for: it is carried whole for little more than asking takes. */
export const similarBytesMin: number = 32 * 1024;
/** Files are alike only if neither is longer than the other by more than this factor. */
const sizeFactorMax = 2;

/**
 * Files that went away or were overwritten, among which a new file may have its earlier version: one of the same name that
 * lay in another folder, or one of the same kind that lay beside it. Whether they are alike in truth, their bytes show.
 */
export class SimilarFiles {
  /** Sorted by size. */
  readonly #groups = new Map<string, KeptFile[]>();

  /**
   * Takes in the files.
   *
   * @param gone What went away.
   */
  constructor(gone: Iterable<KeptFile>) {
    for (const file of gone) {
      if (file.entry.size < similarBytesMin) continue;
      for (const group of groupsOf(file.path)) {
        const files = this.#groups.get(group);
        if (files === undefined) this.#groups.set(group, [file]);
        else files.push(file);
      }
    }
    for (const files of this.#groups.values()) files.sort((a, b) => a.entry.size - b.entry.size);
  }

  /** The file that a new one may be a later version of: that of the nearest size. */
  find(path: SafePath, size: number): KeptFile | undefined {
    if (size < similarBytesMin) return undefined;
    for (const group of groupsOf(path)) {
      const nearest = nearestOf(this.#groups.get(group) ?? [], size);
      if (nearest !== undefined) return nearest;
    }
    return undefined;
  }
}

/** Under what a file is looked up: what says most comes first. */
function groupsOf(path: SafePath): [string, string] {
  const name = baseName(path);
  const dot = name.lastIndexOf(".");
  return [`name/${name}`, `kind/${parentPath(path)}/${dot < 0 ? "" : name.slice(dot)}`];
}

function nearestOf(files: readonly KeptFile[], size: number): KeptFile | undefined {
  let [low, high] = [0, files.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (files[middle]!.entry.size < size) low = middle + 1;
    else high = middle;
  }
  const factor = ({ entry }: KeptFile): number => Math.max(entry.size / size, size / entry.size);
  const near = [files[low - 1], files[low]].filter((file) => file !== undefined);
  return near.filter((file) => factor(file) <= sizeFactorMax).sort((a, b) => factor(a) - factor(b))[0];
}

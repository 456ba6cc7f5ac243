import { baseName, joinPath, parentPath, type SafePath } from "../../core/mod.ts";
import type { MemorySpace } from "../store/memory_space.ts";
import { compareNames } from "../tree_hash.ts";
import type { ListRange } from "./list_range.ts";
import type { MemoryAnnouncements } from "./memory_announcements.ts";

/** A space, and what was announced beside it. */
export interface MemorySides {
  readonly space: MemorySpace;
  readonly announcements: MemoryAnnouncements;
  /** All folders of both sides. */
  folders: SortedKeys<SafePath> | undefined;
  /** All names of both sides in folders that were listed and hold many. */
  readonly names: Map<SafePath, SortedKeys<string>>;
}

/** Keys of a map or a set, which only become more. */
type Keys<K> = Pick<ReadonlySet<K>, "size" | "keys">;

/** The keys of both sides in order, and how many each side had then. */
interface SortedKeys<K> {
  readonly sorted: readonly K[];
  readonly sizes: readonly [tree: number, beside: number];
}

/** Folders of so many names keep them in order once they were listed; those of fewer are sorted each time. */
const namesKeptMin = 64;

/** The paths of a range, in order, of both sides. */
export function* pathsIn(sides: MemorySides, range: ListRange): Generator<SafePath> {
  if (range.of === "names") {
    yield* namesFrom(sides, range);
    return;
  }
  const folders = sortedFolders(sides);
  const start = range.after === undefined ? range.from : parentPath(range.after);
  for (let index = firstAt(folders, start); folders[index]?.startsWith(range.from); index++) {
    const directory = folders[index]!;
    const after = range.after !== undefined && directory === start ? baseName(range.after) : undefined;
    yield* namesFrom(sides, { directory, from: "", after });
  }
}

/** Some names of one folder, in order, as paths. */
function* namesFrom(
  sides: MemorySides,
  { directory, from, after = "" }: Omit<ListRange & { readonly of: "names" }, "of">,
): Generator<SafePath> {
  const names = sortedNames(sides, directory);
  for (let index = firstAt(names, after > from ? after : from); names[index]?.startsWith(from); index++) {
    if (names[index] !== after) yield joinPath(directory, names[index]!);
  }
}

/** Where the first text lies that does not come before another: found by halving, not by going through all. */
function firstAt(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sortedFolders(sides: MemorySides): readonly SafePath[] {
  sides.folders = sortedKeys([sides.space.directories(), sides.announcements.directories], sides.folders);
  return sides.folders.sorted;
}

function sortedNames({ space, announcements, names }: MemorySides, directory: SafePath): readonly string[] {
  const [rows, beside] = [space.rowsIn(directory) ?? nothing, announcements.directories.get(directory) ?? nothing];
  const keys = sortedKeys([rows, beside], names.get(directory));
  if (keys.sorted.length >= namesKeptMin) names.set(directory, keys);
  return keys.sorted;
}

const nothing: ReadonlySet<never> = new Set<never>();

/** The keys of both sides in order: those of before, unless there are more by now. */
function sortedKeys<K extends string>(
  [tree, beside]: readonly [Keys<K>, Keys<K>],
  before: SortedKeys<K> | undefined,
): SortedKeys<K> {
  const sizes = [tree.size, beside.size] as const;
  if (before?.sizes[0] === sizes[0] && before.sizes[1] === sizes[1]) return before;
  return { sorted: [...new Set([...tree.keys(), ...beside.keys()])].sort(compareNames), sizes };
}

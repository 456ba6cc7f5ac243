import { Failure, type SafePath } from "../core/mod.ts";
import { type Entry, sameContent } from "../metadata/mod.ts";
import {
  countFiles,
  deletesFreeMax,
  deletesShareMax,
  eachNode,
  getNode,
  type Tree,
  type TreeDiff,
} from "../sync/mod.ts";

/** From when on a run needs the user's word. */
export interface GuardLimits {
  /** So many files may go without a word. */
  readonly deletesMax: number;
  /** Beyond that, at most this share of all files may go without a word; and never all of several. */
  readonly deletesShare: number;
  /** At most this share of all files may get other content without a word; any unless given. */
  readonly changesShare?: number | undefined;
}

/** The limits where nothing is configured. */
export const guardLimits: GuardLimits = { deletesMax: deletesFreeMax, deletesShare: deletesShareMax };

/** Options of {@linkcode guardChanges}. */
export interface GuardOptions {
  /** Where the files would be changed, for the message: `the server`, `"/home/me/project"`. */
  readonly place: string;
  /** The limits. */
  readonly limits: GuardLimits;
  /** How many deletions the user agreed to. */
  readonly confirmed: number | undefined;
  /** How many edits the user agreed to. */
  readonly confirmedChanges: number | undefined;
  /** Only files that are in this tree, too, are taken for all there are; every file is unless given. */
  readonly known?: Tree | undefined;
}

/**
 * Refuses a run that would delete or change a large part of all files, unless the user agreed.
 *
 * @param diff What is to happen to `before`.
 * @throws {Failure} kind `refused`.
 */
export function guardChanges(diff: TreeDiff, before: Tree, options: GuardOptions): void {
  guardDeletes(diff, before, options);
  guardEdits(diff, before, options);
}

/**
 * Refuses a run that would delete a large part of all files, unless the user agreed: an emptied or half-mounted folder
 * looks just like one whose files were deleted. A file that turns up elsewhere counts as moved, not as deleted.
 */
function guardDeletes(diff: TreeDiff, before: Tree, options: GuardOptions): void {
  const lost = lostFiles(diff, before);
  if (lost.length <= 1) return;
  if (options.confirmed !== undefined && lost.length <= options.confirmed) return;
  const all = countAll(before, options.known);
  const emptied = lost.length === all && !leavesFiles(diff);
  const { deletesMax, deletesShare } = options.limits;
  if (lost.length <= deletesMax && !emptied) return;
  if (!emptied && options.confirmed === undefined && lost.length <= all * deletesShare) return;
  throw new Failure("refused", `This would delete ${lost.length} of ${all} files from ${options.place}`, {
    hint: `If that is meant, say --confirm-deletes ${lost.length}`,
    details: lost.slice(0, pathsShownMax),
  });
}

/** Refuses a run that would give other content to a large part of all files: that is what ransomware does. */
function guardEdits(diff: TreeDiff, before: Tree, options: GuardOptions): void {
  const { place, limits, confirmedChanges } = options;
  if (limits.changesShare === undefined) return;
  const edited = [...diff.puts].filter(([path, { entry }]) => {
    const old = getNode(before, path)?.entry;
    return old?.kind === "file" && !sameContent(old, entry);
  }).map(([path]) => path).sort();
  const all = countAll(before, options.known);
  if (edited.length <= limits.deletesMax || edited.length <= all * limits.changesShare) return;
  if (confirmedChanges !== undefined && edited.length <= confirmedChanges) return;
  throw new Failure("refused", `This would change ${edited.length} of ${all} files in ${place}`, {
    hint: `If that is meant, say --confirm-changes ${edited.length}`,
    details: edited.slice(0, pathsShownMax),
  });
}

function countAll(before: Tree, known: Tree | undefined): number {
  if (known === undefined) return countFiles(before);
  const changed = new Map([...known].filter(([directory, listing]) => before.get(directory) !== listing));
  let count = countFiles(known) - countFiles(changed);
  eachNode(changed, ({ entry }, name, directory) => {
    if (entry.kind === "file" && before.get(directory)?.get(name)?.entry.kind === "file") count++;
  });
  return count;
}

function leavesFiles(diff: TreeDiff): boolean {
  for (const { entry } of diff.puts.values()) if (entry.kind === "file") return true;
  return false;
}

/** How many paths a refusal names. */
export const pathsShownMax = 20;

function lostFiles(diff: TreeDiff, before: Tree): SafePath[] {
  if (diff.deletes.size === 0) return [];
  const kept = new Set<string>();
  for (const { entry } of diff.puts.values()) if (entry.kind === "file") kept.add(entry.content);
  const lost: SafePath[] = [];
  for (const path of diff.deletes) {
    const entry = getNode(before, path)?.entry;
    if (entry?.kind === "file" && !kept.has(entry.content)) lost.push(path);
  }
  return lost.sort();
}

/**
 * The paths at which one side changed content since the base and the other side holds something else: what a push or a
 * pull in the other direction would undo.
 *
 * @param changes What became of the base on the side that would be overwritten.
 * @param overwriting The tree that would take its place.
 */
export function undonePaths(changes: TreeDiff, base: Tree, overwriting: Tree): SafePath[] {
  const undone: SafePath[] = [];
  const differs = (path: SafePath, entry: Entry | undefined): boolean => {
    const other = getNode(overwriting, path)?.entry;
    if (entry === undefined || other === undefined) return entry !== other;
    return !sameContent(entry, other);
  };
  for (const [path, { entry }] of changes.puts) {
    const before = getNode(base, path)?.entry;
    if (before !== undefined && sameContent(before, entry)) continue;
    if (differs(path, entry)) undone.push(path);
  }
  for (const path of changes.deletes) if (differs(path, undefined)) undone.push(path);
  return undone.sort();
}

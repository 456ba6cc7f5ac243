import { baseName, type SafePath } from "../../core/mod.ts";
import { type Entry, type FileEntry, sameContent, sameEntry } from "../../metadata/mod.ts";
import { getNode, type Tree } from "../tree.ts";
import type { TreeDiff } from "../diff.ts";

/** A file that one side moved while the other side edited it. */
export interface FollowedMove {
  /** Where it was. */
  readonly from: SafePath;
  /** Where it is on the side that moved it. */
  readonly to: SafePath;
  /** What it was before both. */
  readonly base: FileEntry;
  /** What the side that did not move it made of it. */
  readonly edited: Entry;
}

/**
 * Finds files that one side moved and the other side edited in their old place, so that the edit can follow them. A file
 * counts as moved if its content went from one path and came to one other, or to one of the same name, where the other
 * side changed nothing.
 *
 * @param base What both sides last agreed on.
 * @param mover What became of it on the side that moved.
 * @param editor The tree of the other side.
 */
export function followMoves(base: Tree, mover: TreeDiff, editor: Tree): FollowedMove[] {
  const added = new Map<string, SafePath[]>();
  const moves: FollowedMove[] = [];
  const edits: [SafePath, FileEntry, FileEntry][] = [];
  for (const path of mover.deletes) {
    const before = getNode(base, path)?.entry;
    const edited = getNode(editor, path)?.entry;
    if (before?.kind !== "file" || before.size === 0 || edited?.kind !== "file") continue;
    if (!sameContent(before, edited)) edits.push([path, before, edited]);
  }
  if (edits.length === 0) return moves;
  for (const [path, { entry }] of mover.puts) {
    const before = getNode(base, path)?.entry;
    if (entry.kind !== "file" || !sameEntry(before, getNode(editor, path)?.entry)) continue;
    if (before !== undefined && sameContent(before, entry)) continue;
    const places = added.get(entry.content);
    if (places === undefined) added.set(entry.content, [path]);
    else places.push(path);
  }
  const taken = new Set<SafePath>();
  for (const [from, before, edited] of edits) {
    // The side that moved it may hold the very same edit.
    const alike = added.get(before.content) ?? (edited.size > 0 ? added.get(edited.content) : undefined);
    const places = alike?.filter((path) => !taken.has(path)) ?? [];
    const named = places.filter((path) => baseName(path) === baseName(from));
    const [to, other] = places.length > 1 ? named : places;
    if (to === undefined || other !== undefined) continue;
    taken.add(to);
    moves.push({ from, to, base: before, edited });
  }
  return moves;
}

import { baseName, type SafePath } from "../../core/mod.ts";
import { type FileEntry, sameContent, sameEntry } from "../../metadata/mod.ts";
import { getNode, type Tree } from "../tree.ts";
import type { TreeDiff } from "../diff.ts";

/** A file that one side moved while the other side changed its content or its permissions. */
export interface FollowedMove {
  /** Where it was. */
  readonly from: SafePath;
  /** Where it is on the side that moved it. */
  readonly to: SafePath;
  /** What it was before both. */
  readonly base: FileEntry;
  /** What it is on the side that moved it. */
  readonly moved: FileEntry;
  /** What the side that did not move it made of it. */
  readonly edited: FileEntry;
}

/** A file that is new at a path. */
interface Placed {
  readonly path: SafePath;
  readonly entry: FileEntry;
}

/**
 * Finds files that one side moved and the other side changed in their old place, so that the change can follow them. A
 * file counts as moved if its content went from one path and came to one other, or to one of the same name, where the other
 * side changed nothing.
 *
 * @param base What both sides last agreed on.
 * @param mover What became of it on the side that moved.
 * @param editor The tree of the other side.
 */
export function followMoves(base: Tree, mover: TreeDiff, editor: Tree): FollowedMove[] {
  const added = new Map<string, Placed[]>();
  const moves: FollowedMove[] = [];
  const edits: [SafePath, FileEntry, FileEntry][] = [];
  for (const path of mover.deletes) {
    const before = getNode(base, path)?.entry;
    const edited = getNode(editor, path)?.entry;
    if (before?.kind !== "file" || before.size === 0 || edited?.kind !== "file") continue;
    if (!sameContent(before, edited) || before.mode !== edited.mode) edits.push([path, before, edited]);
  }
  if (edits.length === 0) return moves;
  for (const [path, { entry }] of mover.puts) {
    const before = getNode(base, path)?.entry;
    if (entry.kind !== "file" || !sameEntry(before, getNode(editor, path)?.entry)) continue;
    if (before !== undefined && sameContent(before, entry)) continue;
    const places = added.get(entry.content);
    if (places === undefined) added.set(entry.content, [{ path, entry }]);
    else places.push({ path, entry });
  }
  const taken = new Set<SafePath>();
  for (const [from, before, edited] of edits) {
    // The side that moved it may hold the very same edit.
    const alike = added.get(before.content) ?? (edited.size > 0 ? added.get(edited.content) : undefined);
    const places = alike?.filter(({ path }) => !taken.has(path)) ?? [];
    const named = places.filter(({ path }) => baseName(path) === baseName(from));
    const [place, other] = places.length > 1 ? named : places;
    if (place === undefined || other !== undefined) continue;
    taken.add(place.path);
    moves.push({ from, to: place.path, base: before, moved: place.entry, edited });
  }
  return moves;
}

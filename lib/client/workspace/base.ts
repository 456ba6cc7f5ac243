import type { Hash, SafePath } from "../../core/mod.ts";
import { type Entry, sameContent, sameEntry } from "../../metadata/mod.ts";
import { diffTrees, getNode, type LocalNode, type Tree, withChanges } from "../../sync/mod.ts";

/**
 * What a folder remembers of its space: the space as it was at a revision, and at which paths the folder was otherwise.
 * Where they were alike, that is what both last agreed on.
 */
export interface Base {
  /** The revision of the space. */
  readonly revision: number;
  /** Everything that lived in the space then, with the stamps of the local files that were the same. */
  readonly tree: Tree<LocalNode>;
  /** The Merkle hash of each directory of it. */
  readonly hashes: ReadonlyMap<SafePath, Hash>;
  /** The paths at which the folder was otherwise. */
  readonly open: ReadonlyMap<SafePath, OpenPath>;
}

/** A path at which a folder and its space were not alike. */
export interface OpenPath {
  /** Why they were not. */
  readonly reason: OpenReason;
  /** What they had last agreed on; `undefined` for nothing. */
  readonly agreed: Entry | undefined;
  /** What the folder held; `undefined` for nothing. */
  readonly here: LocalNode | undefined;
}

/**
 * Why a folder and its space are not alike at a path: each side changed it and somebody has to decide; it is ignored here;
 * it could not be read, written or named here, or it is only pushed or only pulled; the disk does not keep its time or its
 * permissions, and what is agreed on is what they are to be.
 */
export type OpenReason = "conflict" | "ignored" | "left" | "unkept";

/** All reasons, each at the place that stands for it where they are kept. */
export const openReasons: readonly OpenReason[] = ["conflict", "ignored", "left", "unkept"];

/** What folder and space last agreed on. */
export function agreedTree({ tree, open }: Base): Tree<LocalNode> {
  if (open.size === 0) return tree;
  return withChanges(tree, mapped(open, ({ agreed }) => agreed && { entry: agreed }));
}

/** The folder as it was when it was last looked at. */
export function folderTree({ tree, open }: Base): Tree<LocalNode> {
  if (open.size === 0) return tree;
  return withChanges(tree, mapped(open, ({ here }) => here));
}

/**
 * What both sides agree on, less what a decision made of it where the folder holds nothing any more. Whoever decided for
 * the server's at a path, and moved their own away, keeps both: the server never had what is at its new place, so nothing
 * that became of the path may follow it there.
 */
export function withoutMovedAway(
  agreed: Tree<LocalNode>,
  { base, folder }: { readonly base: Base | undefined; readonly folder: Tree },
): Tree<LocalNode> {
  const gone: [SafePath, undefined][] = [];
  for (const [path, open] of base?.open ?? []) {
    if (open.reason !== "conflict" || open.agreed === undefined || getNode(folder, path) !== undefined) continue;
    const ofServer = sameEntry(open.agreed, getNode(base!.tree, path)?.entry);
    if (!ofServer && sameEntry(open.agreed, getNode(agreed, path)?.entry)) gone.push([path, undefined]);
  }
  return gone.length === 0 ? agreed : withChanges(agreed, gone);
}

/** Whether a folder holds nothing but what is ignored there; by a look at others alone that would not show. */
export function hasHollow({ open }: Base): boolean {
  return open.values().some(({ reason, here }) => reason === "ignored" && here?.entry.kind === "directory");
}

/** Whether two bases say the same, as far as can be told without looking into the trees. */
export function isSameBase(a: Base, b: Base): boolean {
  if (a.revision !== b.revision || a.tree !== b.tree || a.open.size !== b.open.size) return false;
  return a.open.entries().every(([path, one]) => {
    const other = b.open.get(path);
    return other !== undefined && one.reason === other.reason && one.here === other.here &&
      sameEntry(one.agreed, other.agreed);
  });
}

/** What {@linkcode settleBase} works with. */
export interface SettleOptions {
  /** The revision of the space that was reached. */
  readonly revision: number;
  /** The space as it is now, and its hashes. */
  readonly server: { readonly tree: Tree; readonly hashes: ReadonlyMap<SafePath, Hash> };
  /** The folder as it is now. */
  readonly folder: Tree<LocalNode>;
  /** What both had agreed on before the run. */
  readonly agreed: Tree;
  /** Why they are not alike at a path, where it is not just left. */
  readonly reasonOf: (path: SafePath) => OpenReason;
  /** What is to be where the disk does not keep its time or its permissions. */
  readonly meant: ReadonlyMap<SafePath, Entry>;
}

/** What to remember after a run: what both sides agree on now, and where they do not. */
export function settleBase({ revision, server, folder, agreed, reasonOf, meant }: SettleOptions): Base {
  const open = new Map<SafePath, OpenPath>();
  const difference = diffTrees(folder, server.tree);
  const note = (path: SafePath): void => {
    const here = getNode(folder, path);
    const there = getNode(server.tree, path);
    if (meant.has(path)) return void open.set(path, { reason: "unkept", agreed: meant.get(path), here });
    const reason = reasonOf(path);
    // Two folders that differ in their permissions hold the same: what lies in them is agreed on by itself. So do two
    // files that differ in theirs or in their time, because of a disk that does not keep these: the server's stand.
    const folders = here?.entry.kind === "directory" && there?.entry.kind === "directory";
    const files = here?.entry.kind === "file" && there?.entry.kind === "file" && sameContent(here.entry, there.entry);
    const before = files ? here.entry : getNode(agreed, path)?.entry ?? (folders ? there.entry : undefined);
    open.set(path, { reason, agreed: reason === "ignored" ? undefined : before, here });
  };
  for (const path of difference.puts.keys()) note(path);
  for (const path of difference.deletes) note(path);
  const changes = [...difference.puts, ...mapped(difference.deletes, () => undefined)];
  const tree: Tree<LocalNode> = changes.length === 0 ? folder : withChanges<LocalNode>(folder, changes);
  return { revision, tree, hashes: server.hashes, open };
}

function* mapped<V, N>(
  paths: ReadonlyMap<SafePath, V> | ReadonlySet<SafePath>,
  node: (value: V) => N | undefined,
): Generator<readonly [SafePath, N | undefined]> {
  for (const [path, value] of paths.entries()) yield [path, node(value as V)];
}

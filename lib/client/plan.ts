import { type Hash, rootPath, type SafePath } from "../core/mod.ts";
import type { Manifest } from "../metadata/mod.ts";
import type { Conflict } from "../sync/reconcile/mod.ts";
import {
  type HashedTree,
  isSame,
  type LocalNode,
  type Tree,
  type TreeDiff,
  treeHashes,
  withChanges,
} from "../sync/mod.ts";

/** Both sides of a run as they are, and as they last agreed. */
export interface Sides {
  /** What both last agreed on; empty if they never did, or the server's past is not the one that is known here. */
  readonly agreed: Tree<LocalNode>;
  /** The folder, with the server's in the place of what is left aside. */
  readonly folder: Tree<LocalNode>;
  /** The server's space. */
  readonly server: Tree;
}

/** What a run is to change. */
export interface Plan {
  readonly toFolder: TreeDiff;
  readonly toServer: TreeDiff;
  readonly conflicts: readonly Conflict[];
  /** The space as it is to be, if that is a tree which is known already. */
  readonly server?: Tree;
  /** Chunk lists of contents that came into being while planning. */
  readonly manifests?: ReadonlyMap<Hash, Manifest>;
}

/** A difference that changes nothing. */
export function noChanges(): TreeDiff {
  return { puts: new Map(), deletes: new Set() };
}

/** Whether a plan changes nothing. */
export function isQuiet({ toFolder, toServer }: Plan): boolean {
  return isSame(toFolder) && isSame(toServer);
}

/** Whether a plan takes directories away from the folder. */
export function removesFolders({ toFolder }: Plan, { folder }: Sides): boolean {
  return [...toFolder.deletes, ...toFolder.puts.keys()].some((path) => {
    return folder.has(path) && toFolder.puts.get(path)?.entry.kind !== "directory";
  });
}

/** The server's space as it is once a plan is carried out, with its hashes. */
export function serverAfter(
  { toServer, server }: Plan,
  state: HashedTree & { readonly root: Hash },
): HashedTree & { readonly root: Hash } {
  if (isSame(toServer)) return state;
  const gone = [...toServer.deletes].map((path): readonly [SafePath, undefined] => [path, undefined]);
  const tree = server ?? withChanges(state.tree, [...gone, ...toServer.puts]);
  const hashes = treeHashes(tree, state);
  return { tree, hashes, root: hashes.get(rootPath)! };
}

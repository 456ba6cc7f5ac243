import type { Hash } from "../core/mod.ts";
import type { Manifest } from "../metadata/mod.ts";
import type { Conflict } from "../sync/reconcile/mod.ts";
import type { LocalNode, Tree, TreeDiff } from "../sync/mod.ts";

/** Which way a run carries changes. */
export type Direction = "push" | "pull" | "sync";

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

import type { SafePath } from "../core/mod.ts";
import type { SpaceHead } from "../metadata/mod.ts";
import { describeDiff } from "../sync/mod.ts";
import type { Plan, Sides } from "./plan.ts";
import type { RemoteState } from "./remote/mod.ts";
import type { SidedChange, SyncReport } from "./report.ts";
import { treeTotals } from "./tree_totals.ts";

/** What a plan sets out to do, as it is reported. */
export type Planned = Pick<SyncReport, "changes" | "conflicts">;

/** Lists what a plan sets out to do. */
export function describePlan({ toFolder, toServer, conflicts }: Plan, { folder, server }: Sides): Planned {
  const changes: SidedChange[] = [
    ...describeDiff(toServer, server).map((change) => ({ ...change, side: "server" as const })),
    ...describeDiff(toFolder, folder).map((change) => ({ ...change, side: "folder" as const })),
  ];
  return { changes: changes.sort(byPath), conflicts };
}

/** What the last attempt did, and what went to the server before it; the folder got all of it by the last one. */
export function withCommitted(last: Planned, committed: readonly Planned[]): Planned {
  const earlier = committed.flatMap(({ changes }) => changes.filter(({ side }) => side === "server"));
  const conflicts = new Map([...last.conflicts, ...committed.flatMap((attempt) => attempt.conflicts)]
    .map((conflict) => [conflict.path, conflict]));
  return { changes: [...earlier, ...last.changes].sort(byPath), conflicts: [...conflicts.values()].sort(byPath) };
}

function byPath(a: { readonly path: SafePath }, b: { readonly path: SafePath }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** How much the space holds at the revision that was read. */
export function totals(state: RemoteState, head: SpaceHead): { readonly files: number; readonly totalBytes: number } {
  return state.revision === head.revision ? { files: head.files, totalBytes: head.bytes } : treeTotals(state.tree);
}

import type { Direction, SyncReport } from "../../lib/client/mod.ts";
import type { ConflictPolicy } from "../../lib/metadata/mod.ts";
import type { Incidents } from "./incidents.ts";

/** What a run of dfs is to be. */
export interface RunOrder {
  readonly direction: Direction;
  readonly policy: () => ConflictPolicy;
  readonly incidents: Incidents;
  /** Whether another run waits for it. */
  readonly inner?: boolean;
}

/** What a run reports, in lines. */
export function reportLines(name: string, report: SyncReport): string[] {
  const { revision, synchronized, problems, conflicts, changes } = report;
  const told = problems.map(({ path, problem }) => ` ${path}: ${problem}`);
  return [
    `  ${name} at ${revision}, ${changes.length} changes, synchronized: ${synchronized}${told}`,
    ...conflicts.map(({ path, outcome, copy }) => `  conflict at ${path}: ${outcome} ${copy ?? ""}`),
  ];
}

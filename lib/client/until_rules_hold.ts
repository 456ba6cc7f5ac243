import { baseName } from "../core/mod.ts";
import { ignoreFileName } from "../sync/mod.ts";
import type { SyncReport } from "./report.ts";

/** How often a run is repeated at most because it changed what is ignored in the folder. */
const repetitionsMax = 4;

/**
 * Runs again where a run changed what is ignored in the folder: it looked at the folder by the rules before, so what it
 * left aside by them may have to be carried over now, and that both sides are equal is proven by them alone.
 *
 * @param run Runs once; told whether it is again, and so has to look at the whole folder.
 * @returns What all the runs did, and how it stands after the last one.
 */
export async function untilRulesHold(run: (again: boolean) => Promise<SyncReport>): Promise<SyncReport> {
  let report = await run(false);
  for (let repetition = 0, last = report; changesRules(last) && repetition < repetitionsMax; repetition++) {
    last = await run(true);
    report = joined(report, last);
  }
  return report;
}

function changesRules({ changes, dryRun }: SyncReport): boolean {
  return !dryRun && changes.some(({ side, path }) => side === "folder" && baseName(path) === ignoreFileName);
}

function joined(earlier: SyncReport, last: SyncReport): SyncReport {
  const changes = [...earlier.changes, ...last.changes];
  return {
    ...last,
    changes: changes.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
    conflicts: [...earlier.conflicts, ...last.conflicts],
    sentBytes: earlier.sentBytes + last.sentBytes,
    fetchedBytes: earlier.fetchedBytes + last.fetchedBytes,
  };
}

import { format as formatBytes } from "@std/fmt/bytes";
import type { SyncReport } from "../lib/client/mod.ts";
import { printable, write, writeError, writeJson } from "./output.ts";

/** How to write a report. */
export interface ReportStyle {
  readonly space: string;
  readonly seconds: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** How many changed paths are listed one by one. */
const changesListedMax = 50;

/** Writes what a push or pull did: its problems, then one line that sums it up. */
export function writeReport(report: SyncReport, style: ReportStyle): void {
  if (style.json) {
    writeJson({ space: style.space, seconds: Number(style.seconds.toFixed(3)), ...report });
    return;
  }
  for (const { path, problem } of report.problems) writeError(`dfs: ${printable(path)}: ${problem}`);
  if (style.quiet) return;
  if (report.dryRun) writeChanges(report);
  write(summary(report, style));
}

function writeChanges(report: SyncReport): void {
  for (const { path, change } of report.changes.slice(0, changesListedMax)) {
    write(`${change.padEnd(8)} ${printable(path)}`);
  }
  const more = report.changes.length - changesListedMax;
  if (more > 0) write(`... and ${more} more`);
}

function summary(report: SyncReport, style: ReportStyle): string {
  const counts = countChanges(report);
  const where = `space "${style.space}"`;
  if (report.dryRun) {
    const verb = report.direction === "push" ? "would be pushed to" : "would be pulled from";
    return report.changes.length === 0 ? `Nothing to ${report.direction}` : `${counts} ${verb} ${where}`;
  }
  const state = report.synchronized
    ? `${where} synchronized at revision ${report.revision} (${report.files} files, ${formatBytes(report.totalBytes)})`
    : `${where} is at revision ${report.revision}; this folder is not equal to it yet`;
  const moved = `${formatBytes(report.contentBytes)} of new content in ${style.seconds.toFixed(2)} s`;
  return report.changes.length === 0 ? `No changes: ${state}` : `${counts}, ${moved}: ${state}`;
}

function countChanges(report: SyncReport): string {
  const counts = new Map<string, number>();
  for (const { change } of report.changes) counts.set(change, (counts.get(change) ?? 0) + 1);
  return [...counts].map(([change, count]) => `${count} ${change}`).join(", ");
}

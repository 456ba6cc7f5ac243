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

/** Writes what a run did: its problems, then one line that sums it up. */
export function writeReport(report: SyncReport, style: ReportStyle): void {
  if (style.json) {
    writeJson({ space: style.space, seconds: Number(style.seconds.toFixed(3)), ...report });
    return;
  }
  for (const { path, problem } of report.problems) writeError(`dfs: ${printable(path)}: ${problem}`);
  if (style.quiet) return;
  if (report.dryRun) writeChanges(report);
  writeConflicts(report);
  write(summary(report, style));
}

function writeChanges(report: SyncReport): void {
  const both = report.direction === "sync";
  for (const { path, change, side, from } of report.changes.slice(0, changesListedMax)) {
    const where = both ? `${side === "server" ? "up  " : "down"} ` : "";
    write(`${where}${change.padEnd(8)} ${from === undefined ? "" : `${printable(from)} -> `}${printable(path)}`);
  }
  const more = report.changes.length - changesListedMax;
  if (more > 0) write(`... and ${more} more`);
}

/** Says of each conflict what became of it. */
function writeConflicts(report: SyncReport): void {
  for (const { path, outcome, copy } of report.conflicts) {
    const kept = copy === undefined ? "" : `; the other is kept as ${printable(copy)}`;
    write(`conflict ${printable(path)}: ${outcomes[outcome]}${kept}`);
  }
}

const outcomes: Readonly<Record<SyncReport["conflicts"][number]["outcome"], string>> = {
  local: "this folder's has the name",
  remote: "the server's has the name",
  merged: "both were merged",
  manual: "both stay as they are; see dfs conflicts",
  unmerged: "both would be merged, if they can be",
};

function summary(report: SyncReport, style: ReportStyle): string {
  const where = `space "${style.space}"`;
  const { direction, changes } = report;
  if (report.dryRun) {
    if (changes.length === 0) return `Nothing to ${direction}`;
    const verb = { push: "would be pushed to", pull: "would be pulled from", sync: "would be carried over with" };
    return `${countChanges(report)} ${verb[direction]} ${where}`;
  }
  const state = report.synchronized
    ? `${where} synchronized at revision ${report.revision} (${report.files} files, ${formatBytes(report.totalBytes)})`
    : `${where} is at revision ${report.revision}; this folder is not equal to it yet`;
  if (changes.length === 0) return `No changes: ${state}`;
  const bytes = formatBytes(report.sentBytes + report.fetchedBytes);
  return `${countChanges(report)}, ${bytes} of new content in ${style.seconds.toFixed(2)} s: ${state}`;
}

function countChanges({ direction, changes }: SyncReport): string {
  const sides = direction === "sync" ? (["server", "folder"] as const) : [undefined];
  const parts = sides.flatMap((side) => {
    const counts = new Map<string, number>();
    for (const change of changes) {
      if (side === undefined || change.side === side) counts.set(change.change, (counts.get(change.change) ?? 0) + 1);
    }
    const told = [...counts].map(([change, count]) => `${count} ${change}`).join(", ");
    if (told === "") return [];
    return side === undefined ? [told] : [`${side === "server" ? "up" : "down"}: ${told}`];
  });
  return parts.join("; ");
}

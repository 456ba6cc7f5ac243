import type { Results } from "./results.ts";
import { type Scenario, scenarios } from "./stories.ts";
import { digits, verdicts } from "./targets.ts";

const mebibyte = 1024 * 1024;

/**
 * Prints all summaries as one table, then each target of dfs with what was measured.
 *
 * @param results The measurements.
 * @param options The scenarios and the names of the tools to print.
 * @returns Lines.
 */
export function reportLines(
  results: Results,
  options: { readonly scenarios: ReadonlySet<Scenario>; readonly tools: readonly string[] },
): string[] {
  const rows = [["", "", "seconds", "x rsync", "CPU s", "wire MB", "client MiB", "server MiB"]];
  const targets: string[] = [];
  for (const scenario of scenarios.filter((name) => options.scenarios.has(name))) {
    for (const direction of ["push", "pull"] as const) {
      const of = (tool: string) => results.summary({ scenario, direction, tool });
      const rsync = of("rsync");
      for (const tool of options.tools) {
        const summary = of(tool);
        if (summary === undefined) continue;
        rows.push([
          `${scenario} ${direction}`,
          tool,
          summary.seconds.toFixed(3),
          rsync === undefined ? "" : (summary.seconds / rsync.seconds).toFixed(2),
          summary.cpuSeconds.toFixed(2),
          digits(summary.wireBytes / 1e6),
          (summary.clientBytes / mebibyte).toFixed(0),
          (summary.serverBytes / mebibyte).toFixed(0),
        ]);
      }
      const dfs = of("dfs");
      if (dfs === undefined) continue;
      const push = results.summary({ scenario, direction: "push", tool: "dfs" });
      for (const line of verdicts(scenario, direction, { dfs, rsync, push })) {
        targets.push(`${`${scenario} ${direction}`.padEnd(14)}${line}`);
      }
    }
  }
  return [...table(rows), "", ...targets];
}

/** Columns as wide as their widest cell: names to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row.map((cell, column) => column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))
      .join("  ").trimEnd()
  );
}

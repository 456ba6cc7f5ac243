import { isFinal } from "../lib/sync/mod.ts";
import { status as readStatus } from "../lib/client/mod.ts";
import { type Command, exitCodes } from "./command.ts";
import { printable, write, writeError, writeJson } from "./output.ts";
import { settingOptions } from "./settings.ts";
import { connect, transferOptionsOf } from "./transfer.ts";

/** `dfs status` */
export const status: Command = {
  name: "status",
  summary: "Show what changed in a folder and in its space since they last agreed",
  operands: "[DIR]",
  operandsMax: 1,
  options: { ...settingOptions, json: { help: "Print the outcome as JSON" } },
  async run(invocation) {
    using connection = connect(invocation, { dryRun: true });
    const report = await readStatus(connection.workspace, connection.remote, transferOptionsOf(connection.settings));
    if (invocation.flag("json")) {
      writeJson(report);
      return exitCodes.done;
    }
    const { workspace } = connection;
    write(`${workspace.disk.root} <-> ${workspace.remote}, space "${workspace.space}"`);
    write(
      report.baseRevision === undefined
        ? "They never agreed yet"
        : `They last agreed at revision ${report.baseRevision}`,
    );
    if (report.session !== undefined && !isFinal(report.session.state)) {
      const { direction, state, startedAtMs } = report.session;
      write(`A ${direction} that began at ${new Date(startedAtMs).toISOString()} is, or was interrupted, in ${state}`);
    }
    for (
      const [title, changes] of [["Changed here", report.local], ["Changed on the server", report.remote]] as const
    ) {
      if (changes.length > 0) write(`${title}:`);
      for (const { path, change } of changes) write(`  ${change.padEnd(8)} ${printable(path)}`);
    }
    if (report.conflicts.length > 0) write("Waiting for a decision (see dfs conflicts):");
    for (const path of report.conflicts) write(`  ${printable(path)}`);
    for (const { path, problem } of report.problems) writeError(`dfs: ${printable(path)}: ${problem}`);
    write(
      report.synchronized
        ? `Synchronized at revision ${report.revision}`
        : `The server is at revision ${report.revision}`,
    );
    return exitCodes.done;
  },
};

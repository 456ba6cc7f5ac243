import { format as formatBytes } from "@std/fmt/bytes";
import { verifyFolder, type VerifyReport } from "../lib/client/mod.ts";
import { type Command, exitCodes, type Invocation } from "./command.ts";
import { printable, write, writeError, writeJson } from "./output.ts";
import { settingOptions } from "./settings.ts";
import { storeOptions } from "./store_options.ts";
import { connect, transferOptionsOf } from "./transfer.ts";
import { verifyStore } from "./verify_store.ts";

/** `dfs verify` */
export const verify: Command = {
  name: "verify",
  summary: "Read a whole folder, or all that a server has stored, and list what is damaged, different or missing",
  operands: "[DIR]",
  operandsMax: 1,
  options: {
    ...settingOptions,
    ...storeOptions,
    server: { help: "Let the running server read its store" },
    repair: {
      help: "Fetch damaged files again and send the server what it lacks; with --server or --data-dir, take damaged " +
        "content out of the store, so that it can be sent again",
    },
  },
  async run(invocation) {
    if (invocation.flag("server") || invocation.text("data-dir") !== undefined) return await verifyStore(invocation);
    return await verifyHere(invocation);
  },
};

/** Verifies a folder; gives the exit code: `failed` if anything is damaged, missing or unreadable. */
async function verifyHere(invocation: Invocation): Promise<number> {
  const dryRun = !invocation.flag("repair");
  using connection = connect(invocation, { dryRun });
  const options = { ...transferOptionsOf(connection.settings), dryRun };
  const report = await verifyFolder(connection, options);
  if (invocation.flag("json")) writeJson(report);
  else show(report, dryRun);
  const healed = report.damaged.length === report.repaired.length &&
    (report.lacking.length === 0 || report.sentBytes > 0);
  return healed && report.problems.length === 0 ? exitCodes.done : exitCodes.failed;
}

/** How many paths of a kind are named. */
const pathsShownMax = 50;

function show(report: VerifyReport, dryRun: boolean): void {
  for (const { path, problem } of report.problems) writeError(`dfs: ${printable(path)}: ${problem}`);
  list("damaged", report.damaged);
  list("lacking on the server", report.lacking);
  list("different", report.different);
  if (report.repaired.length > 0) write(`${report.repaired.length} damaged files were fetched again`);
  if (report.sentBytes > 0) write(`${formatBytes(report.sentBytes)} were sent to the server again`);
  const broken = report.damaged.length + report.lacking.length;
  if (dryRun && broken > 0) {
    write("With --repair damaged files are fetched again, and the server is sent what it lacks");
  }
  if (report.synchronized) write(`Every file was read: synchronized at revision ${report.revision}`);
  else if (broken === 0) write(`Nothing is damaged; ${report.different.length} changes are not carried over yet`);
}

function list(what: string, paths: readonly string[]): void {
  for (const path of paths.slice(0, pathsShownMax)) write(`${what}: ${printable(path)}`);
  if (paths.length > pathsShownMax) write(`... and ${paths.length - pathsShownMax} more`);
}

import { systemClock } from "../lib/core/mod.ts";
import { type Connection, openConnection } from "../lib/app/client.ts";
import { openVerboseLog } from "../lib/app/verbose_log.ts";
import {
  type GivenWord,
  giveWord,
  type Remote,
  type SyncReport,
  type TransferOptions,
  type Workspace,
} from "../lib/client/mod.ts";
import type { ClientSettings } from "../lib/client/settings/mod.ts";
import { type Command, exitCodes, type Invocation } from "./command.ts";
import { printable, write, writeJson } from "./output.ts";
import { TerminalProgress } from "./progress.ts";
import { writeReport } from "./report.ts";
import { settingOptions, settingsOf } from "./settings.ts";

/** What `push`, `pull` and `sync` have in common. */
export function transferCommand(spec: {
  readonly name: "push" | "pull" | "sync";
  readonly summary: string;
  /** What `--force` means; there is none unless told. */
  readonly force?: string;
  /** Whether a folder that is not there is made. */
  readonly makesFolder: boolean;
  /** Whether a client that watches the folder can be told what the user agrees to, as it does the same. */
  readonly watchAgrees?: boolean;
  readonly run: (workspace: Workspace, remote: Remote, options: TransferOptions) => Promise<SyncReport>;
}): Command {
  return {
    name: spec.name,
    summary: spec.summary,
    operands: "[DIR]",
    operandsMax: 1,
    options: {
      ...settingOptions,
      json: { help: "Print the outcome as JSON" },
      "dry-run": { help: "Say what would happen, change nothing" },
      ...(spec.force === undefined ? {} : { force: { help: spec.force } }),
      checksum: { help: "Read every file, whatever its times say" },
      "confirm-deletes": { value: "N", help: "Agree to up to N files being deleted" },
      "confirm-changes": { value: "N", help: "Agree to up to N files being changed, where changes_share limits that" },
      quiet: { help: "Print nothing but errors" },
      verbose: { help: "Tell on standard error what happens, as the log of the server does" },
    },
    async run(invocation) {
      const dryRun = invocation.flag("dry-run");
      if (spec.watchAgrees === true && tellWatch(invocation)) return exitCodes.done;
      using connection = connect(invocation, { dryRun, makeFolder: spec.makesFolder });
      const { settings } = connection;
      using progress = invocation.flag("quiet") || invocation.flag("json")
        ? undefined
        : new TerminalProgress(spec.name);
      await using log = invocation.flag("verbose") ? await openVerboseLog() : undefined;
      const startedMs = performance.now();
      const report = await spec.run(connection.workspace, connection.remote, {
        ...transferOptionsOf(settings),
        dryRun,
        force: invocation.flag("force"),
        checksum: invocation.flag("checksum"),
        ...wordOf(invocation),
        ...(progress === undefined ? {} : { progress }),
        ...(log === undefined ? {} : { events: log.events }),
      });
      progress?.clear();
      writeReport(report, {
        space: connection.workspace.space,
        seconds: (performance.now() - startedMs) / 1000,
        json: invocation.flag("json"),
        quiet: invocation.flag("quiet"),
      });
      return report.problems.length === 0 ? exitCodes.done : exitCodes.failed;
    },
  };
}

/** What the user agrees to. */
function wordOf(invocation: Invocation): GivenWord {
  return {
    confirmDeletes: invocation.integer("confirm-deletes", { min: 0, max: 1e12 }),
    confirmChanges: invocation.integer("confirm-changes", { min: 0, max: 1e12 }),
  };
}

/** Tells the `dfs watch` that is at work in the folder what the user agrees to; says whether it was told. */
function tellWatch(invocation: Invocation): boolean {
  const word = wordOf(invocation);
  if (Object.values(word).every((count) => count === undefined)) return false;
  if (invocation.flag("dry-run") || invocation.flag("checksum")) return false;
  const folder = invocation.operands[0] ?? ".";
  const { remote, space } = settingsOf(invocation, folder);
  const server = { ...(remote === undefined ? {} : { remote }), ...(space === undefined ? {} : { space }) };
  if (!giveWord(folder, word, server)) return false;
  if (invocation.flag("json")) writeJson({ told_watch: true });
  else if (!invocation.flag("quiet")) {
    write(`Told the dfs watch at work in "${printable(folder)}", which goes by it now`);
  }
  return true;
}

/** Opens the folder that an invocation names, or the one it was called in, as its settings say. */
export function connect(
  invocation: Invocation,
  options: { readonly dryRun: boolean; readonly makeFolder?: boolean },
): Connection & { readonly settings: ClientSettings } {
  const folder = invocation.operands[0] ?? ".";
  const settings = settingsOf(invocation, folder);
  const connection = openConnection(folder, { ...settings, ...options });
  return { ...connection, settings };
}

/** What the settings of a folder say about runs. */
export function transferOptionsOf(settings: ClientSettings): TransferOptions {
  return {
    clock: systemClock,
    ignore: settings.ignore,
    skipLinks: settings.symlinks === "skip",
    conflicts: settings.conflicts,
    guards: settings,
    inFlight: settings.transfers,
  };
}

import { defaultRetry, type SyncReport } from "../lib/client/mod.ts";
import { watch as watchSpace, watchFolder, type WatchListener } from "../lib/client/watch/mod.ts";
import { type Command, exitCodes } from "./command.ts";
import { explain } from "./explain.ts";
import { printable, write, writeError } from "./output.ts";
import { writeReport } from "./report.ts";
import { settingOptions } from "./settings.ts";
import { SignalWatch } from "./signals.ts";
import { connect, transferOptionsOf } from "./transfer.ts";

/** `dfs watch` */
export const watch: Command = {
  name: "watch",
  summary: "Keep a folder and its space in step, both ways, until interrupted",
  operands: "[DIR]",
  operandsMax: 1,
  options: {
    ...settingOptions,
    json: { help: "Print what happens as lines of JSON" },
    quiet: { help: "Print nothing but errors" },
  },
  async run(invocation) {
    using connection = connect(invocation, { dryRun: false, makeFolder: true });
    const { workspace, remote, http, settings } = connection;
    const json = invocation.flag("json");
    const quiet = invocation.flag("quiet");
    const ended = new AbortController();
    using signals = new SignalWatch();
    void signals.received.then(() => ended.abort());
    workspace.remember();
    if (!quiet && !json) {
      write(`Watching ${workspace.disk.root} <-> ${workspace.remote}, space "${workspace.space}"`);
    }
    await watchSpace({ workspace, remote, http }, {
      ...transferOptionsOf(settings),
      settleMs: settings.settleMs,
      rescanMs: settings.rescanMs,
      verifyEveryMs: settings.verifyEveryMs,
      watcher: watchFolder,
      retry: defaultRetry,
      sleep,
      signal: ended.signal,
      listener: json ? jsonListener() : textListener({ space: workspace.space, quiet }),
    });
    return exitCodes.done;
  },
};

/** Waits; ends early when the signal says so. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

function textListener({ space, quiet }: { readonly space: string; readonly quiet: boolean }): WatchListener {
  let told = false;
  let startedMs = performance.now();
  return {
    begun: () => {
      startedMs = performance.now();
    },
    synced: (report) => {
      const seconds = (performance.now() - startedMs) / 1000;
      if (!told || isWorthTelling(report)) writeReport(report, { space, seconds, json: false, quiet });
      told = true;
    },
    failed: (failure, retryMs) => {
      told = false;
      const next = retryMs === undefined ? "when something changes" : `in ${seconds(retryMs)}`;
      explain(failure);
      writeError(`dfs: The next attempt comes ${next}`);
    },
    degraded: (what, reason, everyMs) => {
      const subject = what === "folder" ? "This folder cannot be watched" : "The server's feed cannot be followed";
      writeError(`dfs: ${subject} (${printable(reason)}); dfs looks every ${seconds(everyMs)} instead`);
    },
    disconnected: (reason) => {
      writeError(`dfs: The connection broke, it is being made again: ${printable(reason)}`);
    },
  };
}

function jsonListener(): WatchListener {
  const tell = (event: string, fields: Record<string, unknown> = {}): void => {
    write(JSON.stringify({ event, ...fields }));
  };
  return {
    begun: (reasons) => tell("begun", { reasons: [...reasons] }),
    synced: (report) => tell("synced", { ...report }),
    failed: ({ kind, message }, retryMs) => tell("failed", { kind, message, retryMs: retryMs ?? null }),
    degraded: (what, reason, everyMs) => tell("degraded", { what, reason, everyMs }),
    disconnected: (reason) => tell("disconnected", { reason }),
  };
}

function isWorthTelling({ changes, conflicts, problems, synchronized }: SyncReport): boolean {
  return !synchronized || changes.length + conflicts.length + problems.length > 0;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`;
}

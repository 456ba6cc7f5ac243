import type { SyncReport } from "../lib/client/mod.ts";
import type { WatchListener } from "../lib/client/watch/mod.ts";
import { explain } from "./explain.ts";
import { printable, write, writeError } from "./output.ts";
import { writeReport } from "./report.ts";

/** Shows what `dfs watch` does. */
export interface WatchTeller extends WatchListener {
  /** What is kept in step with what. */
  watching(what: { readonly folder: string; readonly remote: string; readonly space: string }): void;
  /** The user asked it to end. */
  ending(): void;
}

/** Tells people: what is new, and nothing twice. */
export function textTeller({ quiet }: { readonly quiet: boolean }): WatchTeller {
  const say = (line: string): void => {
    if (!quiet) write(line);
  };
  let space = "";
  let startedMs: number | undefined;
  /** What the last report left open; nothing after a failure, so that the next report shows that it passed. */
  let leftOpen: string | undefined;
  let failure: string | undefined;
  let offline = false;
  const online = (): void => {
    if (offline) say("Connected again");
    offline = false;
  };
  return {
    watching(what) {
      space = what.space;
      say(`Watching ${printable(what.folder)} <-> ${what.remote}, space "${what.space}"; Ctrl+C ends it`);
    },
    begun() {
      startedMs = performance.now();
    },
    synced(report) {
      const seconds = (performance.now() - (startedMs ?? 0)) / 1000;
      online();
      const open = openIn(report);
      if (report.changes.length > 0 || open !== leftOpen) writeReport(report, { space, seconds, json: false, quiet });
      leftOpen = open;
      startedMs = failure = undefined;
    },
    failed(cause, retryMs) {
      startedMs = leftOpen = undefined;
      const known = cause.message === failure || (offline && cause.kind === "unreachable");
      failure = cause.message;
      if (cause.kind === "unreachable") offline = true;
      if (known) return;
      explain(cause);
      writeError(`dfs: It is tried again ${retryMs === undefined ? "when something changes" : "until it works"}`);
      if (cause.kind === "refused" && retryMs === undefined) {
        writeError("dfs: To agree, say so to dfs sync in another terminal: this watch goes by it at once");
      }
    },
    degraded(what, reason, everyMs) {
      const subject = what === "folder" ? "This folder cannot be watched" : "The server's feed cannot be followed";
      writeError(`dfs: ${subject} (${printable(reason)}); dfs looks every ${Math.round(everyMs / 1000)} s instead`);
      if (what === "folder" && reason.includes("watch limit")) writeError(`${raiseLimit}.`);
    },
    restored(what) {
      say(what === "folder" ? "This folder is being watched again" : "The server's feed is being followed again");
    },
    connected: online,
    disconnected(reason) {
      if (!offline) writeError(`dfs: The connection broke, it is tried again until it works: ${printable(reason)}`);
      offline = true;
    },
    ending() {
      if (startedMs !== undefined) writeError("dfs: Finishing the run under way; interrupt again to end at once");
    },
  };
}

const raiseLimit = "Raise the limit of the system: sysctl fs.inotify.max_user_watches=1000000";

/** What a report left as it was: a later one that leaves the same is no news. */
function openIn({ synchronized, conflicts, problems }: SyncReport): string {
  return JSON.stringify({ synchronized, conflicts, problems });
}

/** Tells programs: everything, one JSON object a line. */
export function jsonTeller(): WatchTeller {
  const tell = (event: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    write(JSON.stringify({ event, ...fields }));
  };
  return {
    watching: (what) => tell("watching", what),
    begun: (reasons) => tell("begun", { reasons: [...reasons] }),
    synced: (report) => tell("synced", { ...report }),
    failed: ({ kind, message }, retryMs) => tell("failed", { kind, message, retryMs: retryMs ?? null }),
    degraded: (what, reason, everyMs) => tell("degraded", { what, reason, everyMs }),
    restored: (what) => tell("restored", { what }),
    connected: () => tell("connected"),
    disconnected: (reason) => tell("disconnected", { reason }),
    ending: () => tell("ending"),
  };
}

import type { Command } from "./command.ts";
import { ignoreCommands } from "./ignore/commands.ts";
import { metaCommands } from "./meta/commands.ts";

/** Every command, with what `dfs help` says of it, in the order it says it. Each is loaded when it is called. */
export const commands: readonly CommandEntry[] = [
  { name: "serve", summary: "Serve spaces to clients", load: async () => (await import("./serve.ts")).serve },
  { name: "push", summary: "Make a space equal to a folder", load: async () => (await import("./push.ts")).push },
  { name: "pull", summary: "Make a folder equal to its space", load: async () => (await import("./pull.ts")).pull },
  { name: "sync", summary: "Carry changes both ways", load: async () => (await import("./sync.ts")).sync },
  {
    name: "watch",
    summary: "Keep a folder and its space in step",
    load: async () => (await import("./watch.ts")).watch,
  },
  {
    name: "conflicts",
    summary: "List what both sides changed",
    load: async () => (await import("./conflicts.ts")).conflicts,
  },
  {
    name: "conflicts policy",
    summary: "Show or set what is done about conflicts in a space",
    load: async () => (await import("./conflict_policy.ts")).conflictPolicy,
  },
  { name: "resolve", summary: "Decide a conflict", load: async () => (await import("./resolve.ts")).resolve },
  {
    name: "status",
    summary: "Show what changed on either side",
    load: async () => (await import("./status.ts")).status,
  },
  { name: "ls", summary: "List what lies in a space", load: async () => (await import("./ls.ts")).ls },
  {
    name: "log",
    summary: "Show the versions of a path, or the revisions of a space",
    load: async () => (await import("./log.ts")).log,
  },
  {
    name: "cat",
    summary: "Write a file to standard output, as it is or was",
    load: async () => (await import("./cat.ts")).cat,
  },
  {
    name: "diff",
    summary: "Show what changed between two versions",
    load: async () => (await import("./diff.ts")).diff,
  },
  {
    name: "restore",
    summary: "Bring back a file, a folder or a space as it was",
    load: async () => (await import("./restore.ts")).restore,
  },
  { name: "events", summary: "Show what happens on a server", load: async () => (await import("./events.ts")).events },
  {
    name: "config",
    summary: "Show the settings of a folder and where they come from",
    load: async () => (await import("./config.ts")).config,
  },
  ...ignoreCommands,
  {
    name: "verify",
    summary: "Find what is damaged or missing in a server's store",
    load: async () => (await import("./verify.ts")).verify,
  },
  {
    name: "gc",
    summary: "Remove what no rule keeps and no version names",
    load: async () => (await import("./gc.ts")).gc,
  },
  {
    name: "retention",
    summary: "Show or set how long a space keeps old versions",
    load: async () => (await import("./retention.ts")).retention,
  },
  ...metaCommands,
  { name: "demo", summary: "Show it all on a real tree", load: async () => (await import("./demo.ts")).demo },
  { name: "version", summary: "Print the version", load: async () => (await import("./version.ts")).versionCommand },
  { name: "help", summary: "Explain a command", load: async () => (await import("./help.ts")).help },
];

/** What `dfs help` says of commands whose names begin with the same word. */
export const commandGroups: Readonly<Record<string, string>> = {
  ignore: "Show what is left out of synchronization, and why",
  meta: "Check, format, announce and exchange metadata",
};

/** A command that is loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

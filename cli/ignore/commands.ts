import type { CommandEntry } from "../commands.ts";

/** The commands of `dfs ignore`. */
export const ignoreCommands: readonly CommandEntry[] = [
  {
    name: "ignore check",
    summary: "Say which rule decides over paths",
    load: async () => (await import("./check.ts")).ignoreCheck,
  },
  {
    name: "ignore list",
    summary: "List the rules in force",
    load: async () => (await import("./list.ts")).ignoreList,
  },
];

import { sync as syncFolder } from "../lib/client/mod.ts";
import type { Command } from "./command.ts";
import { transferCommand } from "./transfer.ts";

/** `dfs sync` */
export const sync: Command = transferCommand({
  name: "sync",
  summary: "Carry changes both ways between a folder and its space",
  makesFolder: true,
  watchAgrees: true,
  run: syncFolder,
});

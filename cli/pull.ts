import { pull as pullFolder } from "../lib/client/mod.ts";
import type { Command } from "./command.ts";
import { transferCommand } from "./transfer.ts";

/** `dfs pull` */
export const pull: Command = transferCommand({
  name: "pull",
  summary: "Make a folder equal to the server's space",
  force: "Overwrite local changes that were never pushed",
  makesFolder: true,
  run: pullFolder,
});

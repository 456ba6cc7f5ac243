import { push as pushFolder } from "../lib/client/mod.ts";
import type { Command } from "./command.ts";
import { transferCommand } from "./transfer.ts";

/** `dfs push` */
export const push: Command = transferCommand({
  name: "push",
  summary: "Make the server's space equal to a folder",
  force: "Overwrite changes on the server that this folder never pulled",
  makesFolder: false,
  run: pushFolder,
});

import { type Maintenance, openMaintenance } from "../lib/app/maintenance.ts";
import { Failure } from "../lib/core/mod.ts";
import type { Invocation, OptionSpec } from "./command.ts";
import { caCertOption } from "./transfer.ts";

/** Options of the commands that keep a store in order: which store is meant. */
export const storeOptions: Readonly<Record<string, OptionSpec>> = {
  remote: { value: "URL", help: "Address of the server; the one that DIR/.dfs remembers" },
  "ca-cert": caCertOption,
  dir: { value: "DIR", help: "The synchronized folder (the current one)" },
  "data-dir": { value: "DIR", help: "A data folder that no server holds, instead of a running server" },
  json: { help: "Print the outcome as JSON" },
};

/** Reaches the store that an invocation means. */
export async function openStore(invocation: Invocation): Promise<Maintenance> {
  const [remote, dataFolder] = [invocation.text("remote"), invocation.text("data-dir")];
  if (remote !== undefined && dataFolder !== undefined) {
    throw new Failure("usage", "Either a server is meant or a data folder", { hint: "Give --remote or --data-dir" });
  }
  return await openMaintenance({
    remote,
    dataFolder,
    space: invocation.text("space"),
    caCertFile: invocation.text("ca-cert"),
    folder: invocation.text("dir") ?? ".",
  });
}

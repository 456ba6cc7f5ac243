import { type Maintenance, openMaintenance } from "../lib/app/maintenance.ts";
import { Failure } from "../lib/core/mod.ts";
import type { Invocation, OptionSpec } from "./command.ts";
import { serverOf, serverOptions } from "./server_options.ts";

// How long the server may take follows from how much it has stored.
const { space: _, timeout: __, ...options } = serverOptions;

/** Options of the commands that keep a store in order: which store is meant. */
export const storeOptions: Readonly<Record<string, OptionSpec>> = {
  ...options,
  "data-dir": { value: "DIR", help: "A data folder that no server holds, instead of a running server" },
};

/** Reaches the store that an invocation means. */
export async function openStore(invocation: Invocation): Promise<Maintenance> {
  const dataFolder = invocation.text("data-dir");
  if (invocation.text("remote") !== undefined && dataFolder !== undefined) {
    throw new Failure("usage", "Either a server is meant or a data folder", { hint: "Give --remote or --data-dir" });
  }
  return await openMaintenance({ ...serverOf(invocation), dataFolder });
}

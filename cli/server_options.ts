import { type Connection, openConnection } from "../lib/app/client.ts";
import type { ClientSettings } from "../lib/client/settings/mod.ts";
import type { Invocation, OptionSpec } from "./command.ts";
import { settingOptions, settingsOf } from "./settings.ts";

/** Options of every command that asks a server and takes no folder for its operand. */
export const serverOptions = {
  remote: settingOptions["remote"]!,
  space: settingOptions["space"]!,
  "ca-cert": settingOptions["ca-cert"]!,
  timeout: settingOptions["timeout"]!,
  retries: settingOptions["retries"]!,
  dir: { value: "DIR", help: "The synchronized folder (the current one)" },
  json: { help: "Print the outcome as JSON" },
} satisfies Readonly<Record<string, OptionSpec>>;

/**
 * Which server and space an invocation means, and how the server is talked to: by the options, else the environment, else
 * what the folder's configuration says, just as for the commands that work on a folder.
 */
export function serverOf(invocation: Invocation): ClientSettings & { readonly folder: string } {
  const folder = invocation.text("dir") ?? ".";
  return { ...settingsOf(invocation, folder), folder };
}

/** Opens the folder that `--dir` names, only to look. */
export function lookInto(invocation: Invocation): Connection {
  const { folder, ...settings } = serverOf(invocation);
  return openConnection(folder, { ...settings, dryRun: true });
}

import { IgnoreRules, readIgnoreFile, stateDirectoryName } from "../../lib/sync/mod.ts";
import { LocalDisk, resolveFolder } from "../../lib/client/mod.ts";
import type { Invocation, OptionSpec } from "../command.ts";
import { settingOptions, settingsOf } from "../settings.ts";

/** The rules of a folder. */
export interface OpenedRules {
  readonly disk: LocalDisk;
  readonly rules: IgnoreRules;
  /** The folder in which the command works, absolute: the synchronized folder or one in it. */
  readonly base: string;
  /** The patterns of the configuration. */
  readonly patterns: readonly string[];
}

/** Options of every command of `dfs ignore`. */
export const ignoreOptions: Readonly<Record<string, OptionSpec>> = {
  ignore: settingOptions["ignore"]!,
  json: { help: "Print the outcome as JSON" },
};

/**
 * Opens the rules that hold in a folder, and in the synchronized folder it lies in. No server is asked.
 *
 * @throws {Failure} if there is no such folder, or its configuration is not as it must be.
 */
export function openRules(invocation: Invocation, folder: string): OpenedRules {
  const base = resolveFolder(folder);
  const disk = new LocalDisk(synchronizedFolder(base) ?? base);
  const patterns = settingsOf(invocation, disk.root).ignore;
  const rules = IgnoreRules.of({ patterns, read: (directory) => readIgnoreFile(disk, directory) });
  return { disk, rules, base, patterns };
}

/** The nearest folder, from this one upwards, that dfs keeps its state in. */
function synchronizedFolder(folder: string): string | undefined {
  for (let at = folder;;) {
    if (isFolder(`${at}/${stateDirectoryName}`)) return at;
    const above = at.replace(/[\\/][^\\/]*$/, "");
    if (above === at || above === "") return undefined;
    at = above;
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

import { type ClientSettings, optionName, type ResolvedSettings, settings } from "../lib/client/settings/mod.ts";
import { readFolderSettings } from "../lib/client/mod.ts";
import type { Invocation, OptionSpec } from "./command.ts";

/** The options of every command that works on a synchronized folder: one for each setting. */
export const settingOptions: Readonly<Record<string, OptionSpec>> = Object.fromEntries(
  Object.values(settings).map(({ key, kind, help }) => [optionName(key), {
    value: kind.placeholder,
    help,
    ...(kind.repeatable === true ? { repeatable: true } : {}),
  }]),
);

/**
 * The settings that hold for a folder: the options of the invocation, else environment variables, else what the folder's
 * configuration says, else the defaults.
 *
 * @param folder The synchronized folder; it need not exist.
 * @throws {Failure} kind `usage` for a value that is not as it must be.
 */
export function settingsOf(invocation: Invocation, folder: string): ClientSettings {
  return traceSettings(invocation, folder).settings;
}

/** The same with where each value comes from. */
export function traceSettings(invocation: Invocation, folder: string): ResolvedSettings {
  return readFolderSettings(folder, {
    options: (name) => {
      if (settingOptions[name]?.repeatable === true) return invocation.texts(name);
      const text = invocation.text(name);
      return text === undefined ? [] : [text];
    },
    environment: (name) => Deno.env.get(name),
  });
}

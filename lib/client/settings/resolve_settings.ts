import { isAbsolute, join } from "@std/path";
import { err, ok, type Result } from "../../core/mod.ts";
import type { ClientSettings } from "./client_settings.ts";
import { type ConfigText, type ConfigValues, parseConfig } from "./parse_config.ts";
import { environmentName, optionName, type Setting, type SettingProblem, settings } from "./settings.ts";

/** Where settings come from, each stronger than those after it. */
export interface SettingSources {
  /** What was given on the command line, by the name of the option without dashes. */
  readonly options?: (name: string) => readonly string[];
  /** Environment variables; an empty one counts as none. */
  readonly environment?: (name: string) => string | undefined;
  /** The folder's configuration. */
  readonly file?: ConfigText | undefined;
}

/** Where a value comes from. */
export interface SettingOrigin {
  /** Which of the four kinds of place it is. */
  readonly from: "option" | "environment" | "file" | "default";
  /** The option, the variable or the file; empty for a default. */
  readonly name: string;
}

/** A setting as it holds, for people. */
export interface TracedSetting {
  /** Its key. */
  readonly key: string;
  /** What holds. */
  readonly value: unknown;
  /** The same as it would be written; empty if nothing is set. */
  readonly text: string;
  /** Where it comes from, the strongest first; several where values add up. */
  readonly origins: readonly SettingOrigin[];
}

/** What {@linkcode readSettings} gives. */
export interface ResolvedSettings {
  /** What holds. */
  readonly settings: ClientSettings;
  /** The same with their origins, in the order of the table. */
  readonly trace: readonly TracedSetting[];
}

/** Brings together what options, environment, file and defaults say. */
export function resolveSettings(sources: SettingSources): Result<ClientSettings, readonly SettingProblem[]> {
  const resolved = readSettings(sources);
  return resolved.ok ? ok(resolved.value.settings) : resolved;
}

/** Brings together what options, environment, file and defaults say, and remembers who said it. */
export function readSettings(sources: SettingSources): Result<ResolvedSettings, readonly SettingProblem[]> {
  const file = sources.file === undefined ? ok<ConfigValues>(new Map()) : parseConfig(sources.file);
  if (!file.ok) return file;
  const problems: SettingProblem[] = [];
  const trace: TracedSetting[] = [];
  const take = <T>(setting: Setting<T>): T => {
    const said = sayings(setting, { ...sources, values: file.value }, problems);
    const [strongest, ...weaker] = said;
    const { join: joined, toText } = setting.kind;
    const value = strongest === undefined
      ? setting.default
      : joined === undefined
      ? strongest.value
      : weaker.reduce((all, one) => joined(all, one.value), strongest.value);
    const origins = (joined === undefined ? said.slice(0, 1) : said).map(({ origin }) => origin);
    const shown = origins.length > 0 ? origins : [{ from: "default", name: "" } as const];
    trace.push({ key: setting.key, value, text: toText(value), origins: shown });
    return value;
  };
  const values: ClientSettings = {
    remote: take(settings.remote),
    space: take(settings.space),
    caCert: take(settings.caCert),
    ignore: take(settings.ignore),
    conflicts: take(settings.conflicts),
    symlinks: take(settings.symlinks),
    deletesMax: take(settings.deletesMax),
    deletesShare: take(settings.deletesShare),
    changesShare: take(settings.changesShare),
    limitUp: take(settings.limitUp),
    limitDown: take(settings.limitDown),
    transfers: take(settings.transfers),
    retries: take(settings.retries),
    timeoutMs: take(settings.timeoutMs),
    settleMs: take(settings.settleMs),
    rescanMs: take(settings.rescanMs),
    verifyEveryMs: take(settings.verifyEveryMs),
  };
  return problems.length > 0 ? err(problems) : ok({ settings: values, trace });
}

interface Saying<T> {
  readonly origin: SettingOrigin;
  readonly value: T;
}

/** What each source says of a setting, the strongest first. */
function sayings<T>(
  setting: Setting<T>,
  sources: SettingSources & { readonly values: ConfigValues },
  problems: SettingProblem[],
): Saying<T>[] {
  const { key, kind } = setting;
  const said: Saying<T>[] = [];
  const add = (origin: SettingOrigin, place: string, read: Result<T, string>): void => {
    if (read.ok) said.push({ origin, value: read.value });
    else problems.push({ message: `${place} must be ${kind.expected}, got ${read.error}` });
  };
  const option = optionName(key);
  const texts = sources.options?.(option) ?? [];
  if (texts.length > 0) add({ from: "option", name: `--${option}` }, `--${option}`, kind.fromTexts(texts));
  const variable = environmentName(key);
  const text = sources.environment?.(variable) ?? "";
  if (text !== "") add({ from: "environment", name: variable }, variable, kind.fromTexts([text]));
  const { file } = sources;
  if (file !== undefined && sources.values.has(key)) {
    const data = rebased(sources.values.get(key), setting.isPath === true ? file.folder : undefined);
    add({ from: "file", name: file.name }, `"${key}" in "${file.name}"`, kind.fromData(data));
  }
  return said;
}

/** A path that stands in a file is relative to the folder of that file, not to where somebody happens to be. */
function rebased(data: unknown, folder: string | undefined): unknown {
  return folder === undefined || typeof data !== "string" || data === "" || isAbsolute(data)
    ? data
    : join(folder, data);
}

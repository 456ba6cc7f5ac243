import { parse } from "@std/yaml";
import { closestWord, err, ok, type Result } from "../../core/mod.ts";
import { type SettingProblem, settings } from "./settings.ts";

/** The text of a configuration file. */
export interface ConfigText {
  /** What messages call it: its path. */
  readonly name: string;
  /** What stands in it. */
  readonly text: string;
  /** The folder to which paths in it are relative. */
  readonly folder: string;
}

/** What a configuration file says, by key, as YAML gives it; keys without a value are left out. */
export type ConfigValues = ReadonlyMap<string, unknown>;

/** Reads a configuration file: YAML, keys and values, all keys known. */
export function parseConfig({ name, text }: ConfigText): Result<ConfigValues, readonly SettingProblem[]> {
  let data: unknown;
  try {
    data = parse(text);
  } catch (cause) {
    return err([{ message: `"${name}" is no YAML: ${cause instanceof Error ? cause.message : cause}` }]);
  }
  if (data === null || data === undefined) return ok(new Map());
  if (typeof data !== "object" || Array.isArray(data)) return err([{ message: `"${name}" must hold keys and values` }]);
  const known = Object.values(settings).map(({ key }) => key);
  const unknown = Object.keys(data).filter((key) => !known.includes(key));
  if (unknown.length > 0) return err(unknown.map((key) => unknownKey(key, { name, known })));
  return ok(new Map(Object.entries(data).filter(([, value]) => value !== null)));
}

function unknownKey(
  key: string,
  { name, known }: { readonly name: string; readonly known: readonly string[] },
): SettingProblem {
  const meant = closestWord(key.replaceAll("-", "_").toLowerCase(), known);
  return {
    message: `Unknown key "${key}" in "${name}"`,
    hint: meant === undefined ? `Known keys are ${known.join(", ")}` : `Did you mean ${meant}?`,
  };
}

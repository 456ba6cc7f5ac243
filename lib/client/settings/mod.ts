/**
 * The settings of a client: one table names each with its kind, its default and its meaning; the keys of a folder's
 * `.dfs/config.yaml`, the environment variables, the options of the command line and their documentation follow from it.
 * Takes texts, gives values or problems; reads nothing itself.
 *
 * @module
 */
export { type ClientSettings } from "./client_settings.ts";
export { conflictPolicyOf } from "./conflict_policy_of.ts";
export { conflictsKind } from "./list_kinds.ts";
export { editConfig } from "./edit_config.ts";
export { type ConfigText, type ConfigValues, parseConfig } from "./parse_config.ts";
export {
  readSettings,
  type ResolvedSettings,
  resolveSettings,
  type SettingOrigin,
  type SettingSources,
  type TracedSetting,
} from "./resolve_settings.ts";
export { type SettingKind } from "./setting_kind.ts";
export { environmentName, optionName, type Setting, type SettingProblem, settings } from "./settings.ts";

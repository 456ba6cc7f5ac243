/**
 * Which paths of a folder are left out of synchronization: built-in rules for the temporary files of editors and systems,
 * patterns of the configuration, and `.dfsignore` files with the syntax of gitignore in any folder of the tree. Takes
 * texts and paths, gives verdicts; reads nothing itself.
 *
 * @module
 */
export { type BuiltInRule, builtInRules, matchBuiltIn } from "./built_in.ts";
export {
  type IgnoreExplanation,
  ignoreFileName,
  type IgnoreOptions,
  IgnoreRules,
  type RuleFileReader,
} from "./ignore_rules.ts";
export { type IgnoreRule, parseRules, type RuleOrigin } from "./rule.ts";

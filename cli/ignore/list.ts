import { Failure, joinPath, platformFailure, rootPath, type SafePath } from "../../lib/core/mod.ts";
import { ignoreFileName, isReservedName } from "../../lib/sync/mod.ts";
import { builtInRules, type IgnoreRule } from "../../lib/sync/ignore/mod.ts";
import { type Command, exitCodes } from "../command.ts";
import { printable, write, writeError, writeJson } from "../output.ts";
import { ignoreOptions, type OpenedRules, openRules } from "./open_rules.ts";

/** `dfs ignore list` */
export const ignoreList: Command = {
  name: "ignore list",
  summary: "List the rules in force in a folder, from the weakest to the strongest, and where they stand",
  operands: "[DIR]",
  operandsMax: 1,
  options: ignoreOptions,
  run(invocation) {
    const opened = openRules(invocation, invocation.operands[0] ?? ".");
    const { rules, problems } = collectRules(opened);
    if (invocation.flag("json")) writeJson(rules);
    else writeRules(rules);
    for (const problem of problems) writeError(`dfs: ${problem.message}`);
    return Promise.resolve(problems.length === 0 ? exitCodes.done : exitCodes.failed);
  },
};

interface ListedRule {
  readonly source: string;
  readonly line: number;
  readonly rule: string;
  /** What a built-in rule is for. */
  readonly note?: string;
}

/** Gathers the rules of a folder and of every folder in it that is not ignored. */
function collectRules({ disk, rules }: OpenedRules): { rules: ListedRule[]; problems: Failure[] } {
  const found: ListedRule[] = builtInRules.map(({ pattern, from }, index) => {
    return { source: "built in", line: index + 1, rule: pattern, note: from };
  });
  const problems: Failure[] = [];
  const listed = ({ source, line, text }: IgnoreRule): ListedRule => ({ source, line, rule: text });
  const pending: SafePath[] = [rootPath];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    try {
      const own = joinPath(directory, ignoreFileName);
      const binding = rules.rulesFor(directory);
      found.push(...binding.filter(({ source }) => directory === rootPath || source === own).map(listed));
      for (const { name, isDirectory } of disk.readDirectory(directory).sort((a, b) => a.name < b.name ? 1 : -1)) {
        const path = joinPath(directory, name);
        if (isDirectory && !isReservedName(name) && !rules.ignores(path, true)) pending.push(path);
      }
    } catch (cause) {
      problems.push(platformFailure(`read "${disk.locate(directory)}"`, cause));
    }
  }
  return { rules: found, problems };
}

function writeRules(rules: readonly ListedRule[]): void {
  const width = Math.max(...rules.map(({ rule }) => rule.length));
  let last: string | undefined;
  for (const { source, line, rule, note } of rules) {
    if (source !== last) write(`${printable(source)}:`);
    last = source;
    if (note === undefined) write(`${String(line).padStart(5)}  ${printable(rule)}`);
    else write(`       ${printable(rule).padEnd(Math.min(width, ruleWidthMax))}  ${note}`);
  }
}

/** Longer rules do not push the column behind them further to the right. */
const ruleWidthMax = 30;

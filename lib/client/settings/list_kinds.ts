import { err, ok, type Result } from "../../core/mod.ts";
import {
  conflictPolicies,
  type ConflictPolicy,
  type ConflictRule,
  type ConflictRules,
  formatConflictRules,
  joinConflictRules,
  patternProblem,
} from "../../metadata/mod.ts";
import { type SettingKind, showData } from "./setting_kind.ts";

/**
 * Patterns of gitignore. What stronger sources say comes last, where it binds stronger; nothing is lost by saying more,
 * for what was ignored without a word could be sent without one.
 */
export const patternsKind: SettingKind<readonly string[]> = {
  placeholder: "PATTERN",
  expected: "a list of patterns",
  repeatable: true,
  // An environment variable holds several, one a line.
  fromTexts: (texts) => ok(texts.flatMap((text) => text.split("\n")).filter((line) => line !== "")),
  fromData: (data) => {
    if (!Array.isArray(data)) return err(showData(data));
    const patterns: string[] = [];
    for (const one of data) {
      if (typeof one !== "string") return err(showData(one));
      patterns.push(one);
    }
    return ok(patterns);
  },
  toText: (value) => value.join(" "),
  join: (stronger, weaker) => [...weaker, ...stronger],
};

/** Policies by pattern. What stronger sources say comes first, where it decides. */
export const conflictsKind: SettingKind<ConflictRules> = {
  placeholder: "[GLOB=]POLICY",
  expected: `policies by pattern (${conflictPolicies.join(", ")})`,
  repeatable: true,
  fromTexts: (texts) => rulesOf(texts.flatMap((text) => text.split(/[,\n]/)).map((text) => text.trim()).map(splitRule)),
  fromData: (data) => {
    if (typeof data === "string") return rulesOf([["default", data]]);
    if (typeof data !== "object" || data === null || Array.isArray(data)) return err(showData(data));
    return rulesOf(Object.entries(data));
  },
  toText: (said) => formatConflictRules({ default: conflictPolicies[0], ...said }),
  join: joinConflictRules,
};

/** A pattern may hold the sign itself, a policy never does. */
function splitRule(text: string): readonly [pattern: string, policy: string] {
  const sign = text.lastIndexOf("=");
  return sign < 0 ? ["default", text] : [text.slice(0, sign), text.slice(sign + 1)];
}

function rulesOf(entries: readonly (readonly [pattern: string, policy: unknown])[]): Result<ConflictRules, string> {
  const rules: ConflictRule[] = [];
  let fallback: ConflictPolicy | undefined;
  for (const [pattern, word] of entries) {
    const policy = conflictPolicies.find((known) => known === word);
    if (policy === undefined) return err(`${showData(word)} for ${JSON.stringify(pattern)}`);
    const problem = patternProblem(pattern);
    if (problem !== undefined) return err(`the pattern ${JSON.stringify(pattern)}: ${problem}`);
    if (pattern === "default") fallback = policy;
    else rules.push({ pattern, policy });
  }
  return ok(fallback === undefined ? { rules } : { rules, default: fallback });
}

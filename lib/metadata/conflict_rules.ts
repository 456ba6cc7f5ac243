import { err, Failure, ok, type Result } from "../core/mod.ts";

/**
 * What to do where both sides changed a file in different ways.
 *
 * - `last-write-wins`: the later modification time has the name; the other is kept beside it as a conflict copy.
 * - `keep-both`: the server's has the name; the folder's is kept beside it as a conflict copy.
 * - `merge`: both sets of changes, if they can be told apart in a text; else as `keep-both`.
 * - `manual`: each side stays as it is until somebody decides.
 */
export type ConflictPolicy = typeof conflictPolicies[number];

/** All policies; the first is the one where nothing is configured. */
export const conflictPolicies: readonly ["last-write-wins", "keep-both", "merge", "manual"] = [
  "last-write-wins",
  "keep-both",
  "merge",
  "manual",
];

/** What to do about conflicts, by path. */
export interface ConflictRules {
  /** Patterns with their policies; the first that matches a path decides. */
  readonly rules: readonly ConflictRule[];
  /** The policy where no pattern matches; whoever is asked next decides unless given. */
  readonly default?: ConflictPolicy;
}

/** A pattern and the policy for what it matches. */
export interface ConflictRule {
  /** Without a slash it matches names at every depth, else whole paths; `*`, `?` and `**` as in a `Glob`. */
  readonly pattern: string;
  /** What to do. */
  readonly policy: ConflictPolicy;
}

/**
 * How much the rules of one space may come to, in bytes of JSON: they come with every answer that says where it stands, and
 * with them a run that finds nothing to do still takes less than 2 KB.
 */
export const conflictRulesBytesMax = 1024;

/** Rules that say nothing. */
export const noConflictRules: ConflictRules = { rules: [] };

/** Whether rules leave everything to others. */
export function saysNothing({ rules, default: fallback }: ConflictRules): boolean {
  return rules.length === 0 && fallback === undefined;
}

/** What is wrong with a pattern that no path can match, in a phrase; `undefined` for a good one. */
export function patternProblem(pattern: string): string | undefined {
  const names = pattern.replace(/^\//, "").split("/");
  if (pattern === "" || pattern === "/") return "it is empty";
  if (pattern.endsWith("/")) return `no path ends with a slash: write ${pattern}**`;
  if (names.includes("")) return "no path has two slashes in a row";
  if (names.includes(".") || names.includes("..")) return "no path has the names . and ..";
  if (/[\\\0]/.test(pattern)) return "no path has a backslash or a NUL";
  return pattern.isWellFormed() ? undefined : "it is no Unicode";
}

/**
 * Reads rules as JSON tells them: `{"rules": [{"pattern": "*.md", "policy": "merge"}], "default": "manual"}`.
 *
 * @param unknown What a policy stands for that there is not; it is a mistake unless given.
 * @returns The rules, or what is wrong with them, in a sentence.
 */
export function readConflictRules(data: unknown, unknown?: ConflictPolicy): Result<ConflictRules, string> {
  const { rules: list = [], default: fallback = null, ...others } = members(data) ?? { rules: null };
  const [other] = Object.keys(others);
  if (!Array.isArray(list)) return err("The policies are an object with rules, a list, and default");
  if (other !== undefined && unknown === undefined) return err(`There is no member ${JSON.stringify(other)} in it`);
  const policyOf = (word: unknown): ConflictPolicy | undefined =>
    conflictPolicies.find((one) => one === word) ?? unknown;
  const rules: ConflictRule[] = [];
  for (const item of list) {
    const { pattern, policy: word } = members(item) ?? {};
    if (typeof pattern !== "string") return err(`A rule has a pattern and a policy, got ${shown(item)}`);
    const policy = policyOf(word);
    if (policy === undefined) return err(noPolicy(word, JSON.stringify(pattern)));
    rules.push({ pattern, policy });
  }
  if (fallback === null) return ok({ rules });
  const policy = policyOf(fallback);
  return policy === undefined ? err(noPolicy(fallback, "the default")) : ok({ rules, default: policy });
}

/**
 * Makes sure that rules are such as a space may have.
 *
 * @throws {Failure} kind `usage` if a pattern matches nothing, or there are too many.
 */
export function checkConflictRules(rules: ConflictRules): void {
  for (const { pattern } of rules.rules) {
    const problem = patternProblem(pattern);
    if (problem !== undefined) throw new Failure("usage", `${JSON.stringify(pattern)} is no pattern: ${problem}`);
  }
  const bytes = new TextEncoder().encode(JSON.stringify(rules)).length;
  if (bytes <= conflictRulesBytesMax) return;
  throw new Failure("usage", `The policies take ${bytes} bytes as JSON, at most ${conflictRulesBytesMax} may be`, {
    hint: "Say it with fewer patterns",
  });
}

/** Rules as people write them: `*.md=merge,manual`. */
export function formatConflictRules({ rules, default: fallback }: ConflictRules): string {
  const patterns = rules.map(({ pattern, policy }) => `${pattern}=${policy}`);
  return [...patterns, ...fallback === undefined ? [] : [fallback]].join(",");
}

/**
 * Puts rules behind others that are stronger: patterns go before defaults, whoever says them; of two patterns that match,
 * and of two defaults, the stronger one decides.
 */
export function joinConflictRules(stronger: ConflictRules, weaker: ConflictRules): ConflictRules {
  const fallback = stronger.default ?? weaker.default;
  return { rules: [...stronger.rules, ...weaker.rules], ...(fallback === undefined ? {} : { default: fallback }) };
}

function members(data: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof data === "object" && data !== null && !Array.isArray(data) ? { ...data } : undefined;
}

function noPolicy(word: unknown, what: string): string {
  return `There is no policy ${shown(word)} for ${what}: there are ${conflictPolicies.join(", ")}`;
}

function shown(data: unknown): string {
  return (JSON.stringify(data) ?? "nothing").slice(0, 80);
}

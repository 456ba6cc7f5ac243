import type { SafePath } from "../../core/mod.ts";
import { conflictPolicies, type ConflictPolicy, type ConflictRules } from "../../metadata/mod.ts";
import { Glob } from "../../metadata/repository/mod.ts";

/**
 * Makes a function that gives the policy for a path: the first pattern that matches decides. A pattern without a slash
 * matches names at every depth, any other whole paths.
 *
 * @example
 * ```ts
 * import type { SafePath } from "../../core/mod.ts";
 * import { conflictPolicyOf } from "./conflict_policy_of.ts";
 * import { assertEquals } from "@std/assert";
 * const policyOf = conflictPolicyOf({ rules: [{ pattern: "*.md", policy: "merge" }], default: "manual" });
 * assertEquals(policyOf("docs/a.md" as SafePath), "merge");
 * assertEquals(policyOf("docs/a.png" as SafePath), "manual");
 * ```
 */
export function conflictPolicyOf(conflicts: ConflictRules): (path: SafePath) => ConflictPolicy {
  const rules = conflicts.rules.map(({ pattern, policy }) => {
    const whole = pattern.includes("/") ? pattern.replace(/^\//, "") : `**/${pattern}`;
    return { glob: new Glob(whole), policy };
  });
  const fallback = conflicts.default ?? conflictPolicies[0];
  return (path) => rules.find(({ glob }) => glob.matches(path))?.policy ?? fallback;
}

import ignore from "ignore";
import { parentPath, rootPath, type SafePath } from "../../core/mod.ts";
import { escapePath, type IgnoreRule } from "./rule.ts";

/** What rules say of a path: nothing, if none of them matches it. */
export type Verdict = "ignored" | "included" | undefined;

/** The rules that bind in a folder, from the weakest to the strongest. */
export class RuleSet {
  readonly rules: readonly IgnoreRule[];
  #matcher: ReturnType<typeof ignore> | undefined;

  constructor(rules: readonly IgnoreRule[]) {
    this.rules = rules;
  }

  /** These rules and stronger ones. */
  with(rules: readonly IgnoreRule[]): RuleSet {
    return rules.length === 0 ? this : new RuleSet([...this.rules, ...rules]);
  }

  /** What the rules say of a path in a folder in which they bind. */
  judge(path: SafePath, isDirectory: boolean): Verdict {
    if (this.rules.length === 0) return undefined;
    this.#matcher ??= matcherOf(this.rules.map(({ negated, pattern }) => negated ? `!${pattern}` : pattern));
    const { ignored, unignored } = this.#matcher.test(isDirectory ? `${path}/` : path);
    return ignored ? "ignored" : unignored ? "included" : undefined;
  }

  /** The rule that decides over a path whose folder is not ignored: the last one that matches it. */
  decisive(path: SafePath, isDirectory: boolean): IgnoreRule | undefined {
    // A rule that matches a folder on the way says nothing of the path itself, so those are taken back.
    const way: string[] = [];
    for (let at = parentPath(path); at !== rootPath; at = parentPath(at)) way.push(`!/${escapePath(at)}/`);
    const spelled = isDirectory ? `${path}/` : path;
    way.reverse();
    return this.rules.findLast(({ pattern }) => {
      // Without the `!` in front of it, a pattern may begin with what means something else there.
      return matcherOf([/^[#!]/.test(pattern) ? `\\${pattern}` : pattern, ...way]).ignores(spelled);
    });
  }
}

function matcherOf(patterns: readonly string[]): ReturnType<typeof ignore> {
  // The same rules hold on every machine that shares a space, so capitals count everywhere.
  return ignore({ ignoreCase: false, allowRelativePaths: true }).add(patterns);
}

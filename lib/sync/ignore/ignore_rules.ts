import { baseName, joinPath, parentPath, rootPath, type SafePath } from "../../core/mod.ts";
import { builtInRules, findBuiltIn, matchBuiltIn } from "./built_in.ts";
import { type IgnoreRule, linesOf, parseRules } from "./rule.ts";
import { RuleSet } from "./rule_set.ts";

/** The name of files that say what to ignore in their folder and below. */
export const ignoreFileName = ".dfsignore";

/** Gives the text of the `.dfsignore` file in a folder, or `undefined` if there is none. */
export type RuleFileReader = (directory: SafePath) => string | undefined;

/** Options of {@linkcode IgnoreRules.of}. */
export interface IgnoreOptions {
  /** Whether the built-in rules hold; they do unless said. */
  readonly builtIn?: boolean;
  /** Patterns of the configuration: stronger than the built-in rules, weaker than any `.dfsignore`. */
  readonly patterns?: readonly string[];
  /** Gives the text of `.dfsignore` files; called once for a folder at most. */
  readonly read: RuleFileReader;
}

/** The rule that decided over a path. */
export interface IgnoreExplanation {
  /** The rule as it was written; with a `!` in front it is one by which the path is not ignored. */
  readonly rule: string;
  /** Where it stands: the path of a `.dfsignore` file, `built in` or `configuration`. */
  readonly source: string;
  /** Its place there, from 1; 0 if the file cannot be read, so that everything in its folder counts as ignored. */
  readonly line: number;
}

/** What holds in a folder. */
interface FolderRules {
  /** The folder by which this one and all below it is ignored: itself or one above. */
  readonly ignoredBy: SafePath | undefined;
  /** The file that could not be read, by which everything in the folder is ignored. */
  readonly unreadable?: SafePath;
  readonly rules: RuleSet;
}

/**
 * Says which paths of a tree are ignored, with the semantics of gitignore(5): the last rule that matches decides, deeper
 * files are stronger, and what lies in an ignored folder is ignored whatever rules say of it.
 *
 * It remembers what it read; make a new one for the next walk over the tree. If reading a file fails, what it throws goes
 * through to the caller once, and from then on everything in that folder counts as ignored: nobody knows its rules.
 *
 * @example
 * ```ts
 * import { parseSafePath, type SafePath } from "../../core/mod.ts";
 * import { IgnoreRules } from "./ignore_rules.ts";
 * import { assertEquals } from "@std/assert";
 * const rules = IgnoreRules.of({ read: (directory) => directory === "" ? "build/\n!keep.swp" : undefined });
 * const path = (text: string): SafePath => text as SafePath;
 * assertEquals(rules.ignores(path("lib/build"), true), true);
 * assertEquals(rules.ignores(path("a.swp"), false), true);
 * assertEquals(rules.ignores(path("keep.swp"), false), false);
 * assertEquals(rules.explain(path("build/x"), false), { rule: "build/", source: ".dfsignore", line: 1 });
 * ```
 */
export class IgnoreRules {
  readonly #builtIn: boolean;
  readonly #configured: RuleSet;
  readonly #read: RuleFileReader;
  readonly #folders = new Map<SafePath, FolderRules>();

  private constructor({ builtIn = true, patterns = [], read }: IgnoreOptions) {
    this.#builtIn = builtIn;
    this.#configured = new RuleSet(parseRules(patterns, { source: "configuration", directory: rootPath }));
    this.#read = read;
  }

  /** Makes the rules of one walk over a tree. */
  static of(options: IgnoreOptions): IgnoreRules {
    return new IgnoreRules(options);
  }

  /** Says whether a path is left out; it need not exist. */
  ignores(path: SafePath, isDirectory: boolean): boolean {
    if (path === rootPath) return false;
    const folder = this.#folder(parentPath(path));
    return isIgnored(folder) || this.#matches(folder.rules, path, isDirectory);
  }

  /**
   * Says of the names in a folder whether they are left out, as {@linkcode IgnoreRules.ignores} does of paths: for whoever
   * asks for many in one folder.
   */
  namesIn(directory: SafePath): (name: string, isDirectory: boolean) => boolean {
    const folder = this.#folder(directory);
    if (isIgnored(folder)) return () => true;
    if (folder.rules.rules.length > 0) {
      return (name, isDirectory) => this.#matches(folder.rules, joinPath(directory, name), isDirectory);
    }
    return this.#builtIn ? matchBuiltIn : () => false;
  }

  /**
   * Says which rule decided over a path.
   *
   * @returns The rule by which it, or a folder above it, is ignored; or the one that keeps it from being ignored; or
   * nothing if no rule matches.
   */
  explain(path: SafePath, isDirectory: boolean): IgnoreExplanation | undefined {
    if (path === rootPath) return undefined;
    const { ignoredBy, unreadable, rules } = this.#folder(parentPath(path));
    if (ignoredBy !== undefined) return this.explain(ignoredBy, true);
    if (unreadable !== undefined) return { rule: "", source: unreadable, line: 0 };
    const rule = rules.decisive(path, isDirectory);
    if (rule !== undefined) return { rule: rule.text, source: rule.source, line: rule.line };
    const place = this.#builtIn ? findBuiltIn(baseName(path), isDirectory) : -1;
    return place < 0 ? undefined : { rule: builtInRules[place]!.pattern, source: "built in", line: place + 1 };
  }

  /**
   * Tells of a folder that is being walked, so that no file is looked for where there is none.
   *
   * @param hasRuleFile Whether a `.dfsignore` file lies in it.
   */
  enter(directory: SafePath, hasRuleFile: boolean): void {
    if (this.#folders.has(directory)) return;
    this.#folders.set(directory, this.#rulesIn(directory, hasRuleFile));
  }

  /** The rules of the configuration and of `.dfsignore` files that bind in a folder, from the weakest to the strongest. */
  rulesFor(directory: SafePath): readonly IgnoreRule[] {
    return this.#folder(directory).rules.rules;
  }

  #matches(rules: RuleSet, path: SafePath, isDirectory: boolean): boolean {
    const verdict = rules.judge(path, isDirectory);
    if (verdict !== undefined) return verdict === "ignored";
    return this.#builtIn && matchBuiltIn(baseName(path), isDirectory);
  }

  #folder(directory: SafePath): FolderRules {
    const known = this.#folders.get(directory);
    if (known !== undefined) return known;
    const found = this.#rulesIn(directory, true);
    this.#folders.set(directory, found);
    return found;
  }

  #rulesIn(directory: SafePath, mayHaveRuleFile: boolean): FolderRules {
    const above = directory === rootPath
      ? { ignoredBy: undefined, rules: this.#configured }
      : this.#folder(parentPath(directory));
    if (isIgnored(above)) return above;
    if (directory !== rootPath && this.#matches(above.rules, directory, true)) {
      return { ignoredBy: directory, rules: above.rules };
    }
    const source = joinPath(directory, ignoreFileName);
    let text: string | undefined;
    try {
      text = mayHaveRuleFile ? this.#read(directory) : undefined;
    } catch (cause) {
      this.#folders.set(directory, { ignoredBy: undefined, unreadable: source, rules: above.rules });
      throw cause;
    }
    if (text === undefined) return above;
    return { ignoredBy: undefined, rules: above.rules.with(parseRules(linesOf(text), { source, directory })) };
  }
}

function isIgnored({ ignoredBy, unreadable }: FolderRules): boolean {
  return ignoredBy !== undefined || unreadable !== undefined;
}

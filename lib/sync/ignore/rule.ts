import { rootPath, type SafePath } from "../../core/mod.ts";

/** One line that says what to ignore, or what not to. */
export interface IgnoreRule {
  /** The line as it was written, without spaces at its end. */
  readonly text: string;
  /** Where it stands: the path of a `.dfsignore` file, `built in` or `configuration`. */
  readonly source: string;
  /** Its place there, from 1. */
  readonly line: number;
  /** Whether it takes back what rules before it ignored. */
  readonly negated: boolean;
  /** What it matches, as a pattern of gitignore at the root of the tree, without the `!`. */
  readonly pattern: string;
}

/** Where rules come from. */
export interface RuleOrigin {
  /** What explanations call it. */
  readonly source: string;
  /** The folder the patterns are relative to. */
  readonly directory: SafePath;
}

/**
 * Reads the lines of a `.dfsignore` file, or of a list of patterns. The syntax is that of gitignore(5): blank lines and
 * comments are no rules, and a backslash takes its meaning from the next character.
 *
 * @returns The rules, in order; the last one that matches a path decides.
 */
export function parseRules(lines: readonly string[], origin: RuleOrigin): IgnoreRule[] {
  const rules: IgnoreRule[] = [];
  for (const [index, line] of lines.entries()) {
    // A byte order mark is no part of the first line, nor a carriage return of any.
    const text = withoutTrailingSpaces((index === 0 ? line.replace(/^\ufeff/, "") : line).replace(/\r$/, ""));
    if (text === "" || text.startsWith("#")) continue;
    const negated = text.startsWith("!");
    const body = negated ? text.slice(1) : text;
    if (/^\/*$/.test(body)) continue;
    const pattern = origin.directory === rootPath ? body : patternFromRoot(body, origin.directory);
    rules.push({ text, source: origin.source, line: index + 1, negated, pattern });
  }
  return rules;
}

/** The lines of a text. */
export function linesOf(text: string): readonly string[] {
  return text.split("\n");
}

/** A pattern that matches one very path, as text within a pattern. */
export function escapePath(path: SafePath): string {
  return path.replace(/[\\*?[]/g, "\\$&");
}

/** A pattern with a slash before its end is bound to the folder it stands in; any other matches at every depth below. */
function patternFromRoot(body: string, directory: SafePath): string {
  const isAnchored = body.slice(0, -1).includes("/");
  const folder = `/${escapePath(directory)}/`;
  return isAnchored ? folder + body.replace(/^\//, "") : `${folder}**/${body}`;
}

/** A space at the end counts only behind a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = 0;
  for (let index = 0; index < line.length; index++) {
    if (line[index] === "\\") index++;
    else if (line[index] === " ") continue;
    end = index + 1;
  }
  return line.slice(0, end);
}

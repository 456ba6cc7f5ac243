import { relative, resolve, SEPARATOR } from "@std/path";
import { Failure, parseSafePath, type SafePath } from "../../lib/core/mod.ts";
import type { IgnoreExplanation } from "../../lib/sync/mod.ts";
import { type Command, exitCodes } from "../command.ts";
import { printable, write, writeJson } from "../output.ts";
import { ignoreOptions, type OpenedRules, openRules } from "./open_rules.ts";

/** `dfs ignore check` */
export const ignoreCheck: Command = {
  name: "ignore check",
  summary: "Say of paths, there or not, whether they are ignored and by which rule; a slash at the end means a folder",
  operands: "PATH...",
  operandsMax: 10_000,
  options: { ...ignoreOptions, dir: { value: "DIR", help: "Where the paths begin (the current folder)" } },
  run(invocation) {
    if (invocation.operands.length === 0) {
      throw new Failure("usage", "dfs ignore check needs a path", { hint: "Write dfs ignore check PATH" });
    }
    const opened = openRules(invocation, invocation.text("dir") ?? ".");
    const verdicts = invocation.operands.map((operand) => judge(opened, operand));
    if (invocation.flag("json")) writeJson(verdicts);
    else for (const verdict of verdicts) write(sentence(verdict));
    return Promise.resolve(exitCodes.done);
  },
};

interface Verdict extends Partial<IgnoreExplanation> {
  readonly path: SafePath;
  readonly ignored: boolean;
}

function judge({ disk, rules, base }: OpenedRules, operand: string): Verdict {
  const inside = relative(disk.root, resolve(base, operand)).replaceAll(SEPARATOR, "/");
  const path = parseSafePath(inside);
  if (!path.ok) {
    throw new Failure("usage", `"${operand}" is no path in "${disk.root}"`, { hint: "Name a file or folder in it" });
  }
  const isDirectory = /[\\/]$/.test(operand) || isFolder(disk.locate(path.value));
  return {
    path: path.value,
    ignored: rules.ignores(path.value, isDirectory),
    ...rules.explain(path.value, isDirectory),
  };
}

function sentence({ path, ignored, rule, source, line }: Verdict): string {
  const verdict = `${printable(path)}: ${ignored ? "ignored" : "not ignored"}`;
  if (source === undefined) return verdict;
  if (line === 0) return `${verdict}, because ${printable(source)} cannot be read`;
  const place = source === "built in" ? source : `${printable(source)}, line ${line}`;
  return `${verdict}, by ${printable(rule ?? "")} (${place})`;
}

/** Links count as what they are, not as what they lead to. */
function isFolder(path: string): boolean {
  try {
    return Deno.lstatSync(path).isDirectory;
  } catch {
    return false;
  }
}

/**
 * The command line: one file a command. It reads arguments, calls what `lib/app` puts together, and tells people what
 * came of it; exit codes are 0 done, 1 failed, 2 wrong use, 3 refused to protect data.
 *
 * @module
 */
import { editDistance, Failure } from "../lib/core/mod.ts";
import { parseInvocation } from "./command.ts";
import { commands } from "./commands.ts";
import { explain } from "./explain.ts";

/** Runs the program; gives its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (cause) {
    return explain(cause);
  }
}

/**
 * Joins the two words of a command that belongs to a group, as `meta` and `check`; the group alone asks for help, unless it is
 * a command of its own, as `conflicts` is.
 */
function withGroup([first, second, ...rest]: readonly string[]): readonly string[] {
  const isCommand = (wanted: string | undefined): boolean => commands.some(({ name }) => name === wanted);
  const isGroup = first !== undefined && commands.some(({ name }) => name.startsWith(`${first} `)) &&
    (!isCommand(first) || isCommand(`${first} ${second}`));
  if (!isGroup) return [first, second, ...rest].filter((word) => word !== undefined);
  return second === undefined || second.startsWith("-") ? ["help", first] : [`${first} ${second}`, ...rest];
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [first = "help", ...rest] = withGroup(args);
  const asked = first === "--version" || first === "-V"
    ? "version"
    : first === "--help" || first === "-h"
    ? "help"
    : first;
  const wantsHelp = asked !== "help" && rest.some((arg) => arg === "--help" || arg === "-h");
  const name = wantsHelp ? "help" : asked;
  const entry = commands.find((command) => command.name === name);
  if (entry === undefined) {
    const close = commands.find((command) => editDistance(command.name, name) <= 2);
    throw new Failure("usage", `There is no command "${name}"`, {
      hint: close === undefined ? "See dfs help" : `Did you mean dfs ${close.name}?`,
    });
  }
  const command = await entry.load();
  return await command.run(parseInvocation(command, wantsHelp ? [asked] : rest));
}

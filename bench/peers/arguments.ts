import { parseArgs } from "@std/cli";
import { type Scenario, scenarios } from "./stories.ts";

/** Names of the tools that can be measured. */
export const toolNames = ["dfs", "rsync", "rsync -z", "rsync as it comes", "unison"] as const;
/** Name of a tool. */
export type ToolName = typeof toolNames[number];

/** How to use the script. */
export const usage = `deno run --allow-all bench/peers.ts [SCENARIO...] [--rounds N] [--tools NAME,...] [--source]

Measures dfs beside other tools in one run and prints medians in a table.
SCENARIO   ${scenarios.join(", ")}; without any, all of them
--rounds   timed rounds (3); one more, not timed, counts the bytes on the wire
--tools    ${toolNames.join(", ")}; without it, all that are installed
--source   run dfs from its sources; without it, as a bundle`;

/** What the arguments ask for. */
export interface Arguments {
  readonly scenarios: ReadonlySet<Scenario>;
  readonly rounds: number;
  /** `undefined` for all that are installed. */
  readonly tools: ReadonlySet<ToolName> | undefined;
  readonly source: boolean;
}

/**
 * Reads the arguments of the script.
 *
 * @param args The arguments.
 * @returns What they ask for; `undefined` when they make no sense or ask for help.
 */
export function readArguments(args: readonly string[]): Arguments | undefined {
  let understood = true;
  const parsed = parseArgs(args, {
    boolean: ["source"],
    string: ["rounds", "tools"],
    default: { rounds: "3" },
    unknown: (argument) => understood &&= !argument.startsWith("-"),
  });
  const named = parsed._.length === 0 ? scenarios : parsed._.map(String);
  const asked = scenarios.filter((name) => named.includes(name));
  const namedTools = typeof parsed["tools"] === "string" ? parsed["tools"].split(",") : undefined;
  const tools = toolNames.filter((name) => namedTools?.includes(name));
  const rounds = Number(parsed["rounds"]);
  understood &&= Number.isInteger(rounds) && rounds > 0 && asked.length === new Set(named).size &&
    tools.length === new Set(namedTools).size;
  if (!understood) return undefined;
  return {
    scenarios: new Set(asked),
    rounds,
    tools: namedTools === undefined ? undefined : new Set(tools),
    source: parsed["source"] === true,
  };
}

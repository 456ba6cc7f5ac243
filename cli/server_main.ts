/**
 * The dfs-server program: `dfs serve` and nothing else, for machines that only serve. It takes the options of `dfs serve`.
 *
 * @module
 */
import { exitCodes, parseInvocation } from "./command.ts";
import { explain } from "./explain.ts";
import { serve } from "./serve.ts";
import { writeUsage } from "./usage.ts";
import { versionCommand } from "./version.ts";

async function main(args: readonly string[]): Promise<number> {
  try {
    if (args.includes("--help") || args.includes("-h")) {
      writeUsage(serve, "dfs-server");
      return exitCodes.done;
    }
    const command = args[0] === "--version" || args[0] === "-V" ? versionCommand : serve;
    return await command.run(parseInvocation(command, command === serve ? args : []));
  } catch (cause) {
    return explain(cause);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));

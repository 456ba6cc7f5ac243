import { Failure } from "../lib/core/mod.ts";
import { type Command, exitCodes } from "./command.ts";
import { commands } from "./commands.ts";
import { write } from "./output.ts";
import { writeUsage } from "./usage.ts";

/** `dfs help` */
export const help: Command = {
  name: "help",
  summary: "Explain a command, or list them all",
  operands: "[COMMAND]",
  operandsMax: 1,
  options: {},
  async run(invocation) {
    const [name] = invocation.operands;
    if (name === undefined) writeOverview();
    else await writeCommand(name);
    return exitCodes.done;
  },
};

function writeOverview(): void {
  write("dfs keeps folders the same on many machines, through a server of your own.\n");
  write("Usage: dfs COMMAND [ARGUMENTS]\n");
  for (const { name, summary } of commands) write(`  ${name.padEnd(9)} ${summary}`);
  write("\nSee dfs help COMMAND for the options of a command.");
  write("Exit codes: 0 done, 1 failed, 2 wrong use, 3 refused to protect data.");
}

async function writeCommand(name: string): Promise<void> {
  const entry = commands.find((command) => command.name === name);
  if (entry === undefined) throw new Failure("usage", `There is no command "${name}"`, { hint: "See dfs help" });
  writeUsage(await entry.load());
}

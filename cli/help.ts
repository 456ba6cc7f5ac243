import { Failure } from "../lib/core/mod.ts";
import { type Command, exitCodes } from "./command.ts";
import { type CommandEntry, commands } from "./commands.ts";
import { write } from "./output.ts";
import { writeUsage } from "./usage.ts";

/** `dfs help` */
export const help: Command = {
  name: "help",
  summary: "Explain a command, or list them all",
  operands: "[COMMAND]",
  operandsMax: 2,
  options: {},
  async run(invocation) {
    const name = invocation.operands.join(" ");
    if (name === "") writeOverview();
    else await writeCommand(name);
    return exitCodes.done;
  },
};

function writeOverview(): void {
  write("dfs keeps folders the same on many machines, through a server of your own.\n");
  write("Usage: dfs COMMAND [ARGUMENTS]\n");
  writeCommands(commands);
  write("\nSee dfs help COMMAND for the options of a command.");
  write("Exit codes: 0 done, 1 failed, 2 wrong use, 3 refused to protect data.");
}

function writeCommands(listed: readonly CommandEntry[]): void {
  const width = Math.max(...listed.map(({ name }) => name.length));
  for (const { name, summary } of listed) write(`  ${name.padEnd(width)}  ${summary}`);
}

async function writeCommand(name: string): Promise<void> {
  const group = commands.filter((command) => command.name.startsWith(`${name} `));
  if (group.length > 0) return writeCommands(group);
  const entry = commands.find((command) => command.name === name);
  if (entry === undefined) throw new Failure("usage", `There is no command "${name}"`, { hint: "See dfs help" });
  writeUsage(await entry.load());
}

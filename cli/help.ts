import { Failure } from "../lib/core/mod.ts";
import { type Command, exitCodes } from "./command.ts";
import { type CommandEntry, commandGroups, commands } from "./commands.ts";
import { write } from "./output.ts";
import { writeUsage } from "./usage.ts";

/** What is listed of a command. */
type Listed = Pick<CommandEntry, "name" | "summary">;

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
  writeCommands(overview());
  write("\nSee dfs help COMMAND for the options of a command.");
  write("Exit codes: 0 done, 1 failed, 2 wrong use, 3 refused to protect data.");
}

/** What is listed of every command; a group of them is one line, at the place of its first. */
function overview(): Listed[] {
  const listed = new Map<string, string>();
  for (const { name, summary } of commands) {
    const [word = name] = name.split(" ");
    if (!listed.has(word)) listed.set(word, commandGroups[word] ?? summary);
  }
  return Array.from(listed, ([name, summary]) => ({ name, summary }));
}

function writeCommands(listed: readonly Listed[]): void {
  const width = Math.max(...listed.map(({ name }) => name.length));
  for (const { name, summary } of listed) write(`  ${name.padEnd(width)}  ${summary}`);
}

async function writeCommand(name: string): Promise<void> {
  const group = commands.filter((command) => command.name.startsWith(`${name} `));
  const entry = commands.find((command) => command.name === name);
  if (group.length > 0 && entry === undefined) {
    write(`${commandGroups[name]}.\n\nUsage: dfs ${name} COMMAND [ARGUMENTS]\n`);
    writeCommands(group);
    write(`\nSee dfs help ${name} COMMAND for the options of a command.`);
    return;
  }
  if (entry === undefined) throw new Failure("usage", `There is no command "${name}"`, { hint: "See dfs help" });
  writeUsage(await entry.load());
  for (const { name, summary } of group) write(`\nSee also: dfs help ${name}. ${summary}.`);
}

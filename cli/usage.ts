import type { Command } from "./command.ts";
import { write } from "./output.ts";

/**
 * Writes what a command does and what it takes.
 *
 * @param called How it is called, unless it is by its name after `dfs`.
 */
export function writeUsage(command: Command, called: string = `dfs ${command.name}`): void {
  const options = Object.entries(command.options);
  write(`${command.summary}.\n`);
  write(`Usage: ${called}${options.length > 0 ? " [OPTIONS]" : ""} ${command.operands}`.trimEnd());
  if (options.length === 0) return;
  write("");
  const spelled = options.map(([option, { value, help, letter }]) => {
    return [`${letter ? `-${letter}, ` : ""}--${option}${value ? ` ${value}` : ""}`, help] as const;
  });
  const width = Math.max(...spelled.map(([text]) => text.length));
  for (const [text, meaning] of spelled) write(`  ${text.padEnd(width)}  ${meaning}`);
}

/** A command to run: the program, its arguments and what it needs in its environment. */
export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One tool under measurement. */
export interface Tool {
  /** Its name in the table. */
  readonly name: string;
  /** Its version and how it is run, in a line. */
  readonly description: string;
  /**
   * Says how a fresh, empty server is started.
   *
   * @param folder An empty folder that is the server's own.
   * @param port A free port of 127.0.0.1.
   */
  serve(folder: string, port: number): Promise<ToolServer>;
}

/** How a server of a tool is run and used. */
export interface ToolServer {
  readonly command: CommandLine;
  /** Where the server keeps the tree as plain files, for tools that do. */
  readonly plainTree?: string;
  /** The command that makes the server equal to a folder. The port may be that of a relay. */
  push(folder: string, port: number): CommandLine;
  /** The command that makes a folder equal to the server. */
  pull(folder: string, port: number): CommandLine;
}

/**
 * Runs a command to its end.
 *
 * @param command The command.
 * @returns What it printed to standard output.
 * @throws {Error} When it cannot be run or fails, with what it printed.
 */
export async function run(command: CommandLine): Promise<string> {
  const output = await new Deno.Command(command.program, {
    args: [...command.args],
    ...(command.env === undefined ? {} : { env: command.env }),
    stdin: "null",
  }).output();
  const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!output.success) throw new Error(`${command.program} ${command.args.join(" ")} failed:\n${stderr}${stdout}`);
  return stdout ?? "";
}

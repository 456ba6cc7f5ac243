import type { CommandLine } from "./tool.ts";

/** Aborted when the script is asked to end: its children end with it, and the error clears up all the way out. */
export const interruption: AbortSignal = listen();

/** A process that was started. */
export interface Spawned {
  readonly child: Deno.ChildProcess;
  /** What it prints to standard error until it ends. */
  readonly printed: Promise<string>;
}

/**
 * Starts a process that reads nothing and whose standard output is dropped.
 *
 * @param command What to start.
 * @returns The process.
 */
export function spawn(command: CommandLine): Spawned {
  interruption.throwIfAborted();
  const child = new Deno.Command(command.program, {
    args: [...command.args],
    ...(command.env === undefined ? {} : { env: command.env }),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    signal: interruption,
  }).spawn();
  return { child, printed: new Response(child.stderr).text() };
}

function listen(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => controller.abort(new Error(`ended by ${signal}`)));
  }
  return controller.signal;
}

import { cpuSeconds, PeakMemory, reapedSeconds, settle } from "./process_usage.ts";
import { spawn } from "./spawn.ts";
import type { CommandLine } from "./tool.ts";

/** What one run of a client has cost. */
export interface Measurement {
  /** From the start of the client to its end. */
  readonly seconds: number;
  /** Processor seconds of client and server together. */
  readonly cpuSeconds: number;
  /** Most resident memory of one process of the client. */
  readonly clientBytes: number;
  /** Most resident memory of one process of the server. */
  readonly serverBytes: number;
}

/**
 * Runs a client against a running server and measures both.
 *
 * @param command The client.
 * @param server The process id of the server.
 * @returns What it cost.
 * @throws {Error} When the client fails, with what it printed.
 */
export async function measure(command: CommandLine, server: number): Promise<Measurement> {
  await settle(server);
  const cpuBefore = cpuSeconds(server) + reapedSeconds();
  using serverMemory = new PeakMemory(server);
  const started = performance.now();
  const { child, printed } = spawn(command);
  using clientMemory = new PeakMemory(child.pid);
  const status = await child.status;
  const seconds = (performance.now() - started) / 1000;
  if (!status.success) throw new Error(`${command.program} ${command.args.join(" ")} failed:\n${await printed}`);
  await settle(server);
  return {
    seconds,
    cpuSeconds: cpuSeconds(server) + reapedSeconds() - cpuBefore,
    clientBytes: clientMemory.bytes,
    serverBytes: serverMemory.bytes,
  };
}

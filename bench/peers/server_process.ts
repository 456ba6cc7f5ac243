import { spawn } from "./spawn.ts";
import type { CommandLine } from "./tool.ts";

/** How long a server may take until it accepts connections, and until it has ended after SIGTERM. */
const patienceMs = 10_000;

/** A server that runs as a process of its own until it is disposed. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
}

/**
 * Starts a server and waits until it accepts connections.
 *
 * @param command How to start it.
 * @param port The port of 127.0.0.1 that it will listen on.
 * @returns The running server.
 * @throws {Error} When it ends or does not accept connections in time, with what it printed.
 */
export async function startServer(command: CommandLine, port: number): Promise<ServerProcess> {
  const { child, printed } = spawn(command);
  let ended = false;
  child.status.then(() => ended = true);
  const server: ServerProcess = {
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      await child.status;
      clearTimeout(force);
      await printed;
    },
  };
  for (const limit = performance.now() + patienceMs; !await accepts(port);) {
    if (ended) throw new Error(`${command.program} ${command.args.join(" ")} ended:\n${await printed}`);
    if (performance.now() > limit) {
      await server[Symbol.asyncDispose]();
      throw new Error(`${command.program} accepts no connections on port ${port}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return server;
}

/** @returns A port of 127.0.0.1 that nobody listens on. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function accepts(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

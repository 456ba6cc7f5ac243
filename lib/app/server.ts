import { Failure, platformFailure } from "../core/mod.ts";
import { createServer, type HttpHandler, type HttpServer, type ServerName } from "../network/mod.ts";
import { version } from "../version.ts";
import { type ApplicationConfig, openApplication } from "./application.ts";
import { claimDataFolder } from "./data_folder.ts";

/** How to serve. */
export interface ServeOptions {
  /** Address of the interface to listen on. */
  readonly hostname: string;
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Where everything is kept. */
  readonly dataFolder: string;
  /** Which of the servers to use. */
  readonly server: ServerName;
  /** How many workers the `pool` server has; one a core unless given. */
  readonly workers?: number | undefined;
  /** Whether to mount the example routes. */
  readonly examples?: boolean;
  /** Told of what no client should see. */
  readonly onError: (error: unknown) => void;
}

/** A server that accepts connections. */
export interface RunningServer extends AsyncDisposable {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Stops accepting, finishes what is in flight, and closes the stores. */
  shutdown(reason: string): Promise<void>;
}

/**
 * Opens the stores in the data folder and serves them.
 *
 * @throws {Failure} if the folder or the address cannot be used.
 */
export async function openServer(options: ServeOptions): Promise<RunningServer> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(claimDataFolder(options.dataFolder));
  const config: ApplicationConfig = { dataFolder: folder.path, examples: options.examples ?? false };
  const application = stack.use(await openApplication(config));
  const { events } = application;
  const http = stack.use(makeServer(options, config, application.handler));
  const url = await listen(http, options);
  events.emit("server.started", { url, server: options.server, version });
  const resources = stack.move();
  const shutdown = async (reason: string): Promise<void> => {
    events.emit("server.stopping", { reason });
    await resources.disposeAsync();
  };
  return { url, shutdown, [Symbol.asyncDispose]: () => shutdown("The program ends") };
}

function makeServer(
  options: ServeOptions,
  config: ApplicationConfig,
  handler: HttpHandler,
): HttpServer {
  const { server, workers, onError } = options;
  if (server !== "pool") return createServer(server, { handler, onError });
  const module = new URL("./pool_worker.ts", import.meta.url);
  return createServer("pool", {
    module,
    config: { ...config },
    onError,
    ...(workers === undefined ? {} : { workers }),
  });
}

async function listen(http: HttpServer, options: ServeOptions): Promise<string> {
  const { hostname, port } = options;
  try {
    const address = await http.listen({ hostname, port });
    return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${address.port}`;
  } catch (cause) {
    if (cause instanceof Deno.errors.AddrInUse) {
      throw new Failure("conflict", `Port ${port} on ${hostname} is in use`, {
        hint: "End what uses it, or choose another with --port (0 takes a free one)",
        cause,
      });
    }
    throw platformFailure(`listen on ${hostname}, port ${port}`, cause);
  }
}

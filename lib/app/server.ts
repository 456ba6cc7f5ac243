import { Failure, platformFailure, systemClock } from "../core/mod.ts";
import { EventBus } from "../events/mod.ts";
import { openSqliteStore } from "../metadata/mod.ts";
import { createServer, type HttpServer, type ServerName } from "../network/mod.ts";
import { apiRouter } from "../server/mod.ts";
import { openPackStore } from "../storage/mod.ts";
import { SyncService } from "../sync/service/mod.ts";
import { version } from "../version.ts";
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
  /** Whether to mount the example routes. */
  readonly examples?: boolean;
}

/** A server that accepts connections. */
export interface RunningServer extends AsyncDisposable {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Stops accepting, finishes what is in flight, and closes the stores. */
  shutdown(reason: string): Promise<void>;
}

/** The space that exists from the start. */
const defaultSpace = "default";

/**
 * Opens the stores in the data folder and serves them.
 *
 * @throws {Failure} if the folder or the address cannot be used.
 */
export async function openServer(options: ServeOptions): Promise<RunningServer> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(claimDataFolder(options.dataFolder));
  const events = stack.use(new EventBus({ origin: "server" }));
  const chunks = stack.use(await openPackStore(`${folder.path}/chunks`));
  const metadata = stack.use(openSqliteStore(`${folder.path}/metadata.sqlite`));
  await metadata.createSpace(defaultSpace);
  const service = new SyncService({ metadata, chunks, clock: systemClock, events });
  const router = apiRouter({ service, version, examples: options.examples ?? false });
  const http = stack.use(createServer(options.server, { handler: router.handler, onError: reportError }));
  const url = await listen(http, options);
  events.emit("server.started", { url, server: options.server, version });
  const resources = stack.move();
  const shutdown = async (reason: string): Promise<void> => {
    events.emit("server.stopping", { reason });
    await resources.disposeAsync();
  };
  return { url, shutdown, [Symbol.asyncDispose]: () => shutdown("The program ends") };
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

/** Tells of what no client should see. */
function reportError(error: unknown): void {
  console.error(error);
}

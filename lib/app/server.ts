import { Failure, platformFailure } from "../core/mod.ts";
import { type Component, type EventBus, EventLogger, LiveFeed } from "../events/mod.ts";
import { createServer, type HttpServer, type ServerName, type TlsFiles } from "../network/mod.ts";
import { version } from "../version.ts";
import { type ApplicationConfig, openApplication } from "./application.ts";
import { auditComponent } from "./audit.ts";
import { startCollectionTimer } from "./collection_timer.ts";
import { claimDataFolder } from "./data_folder.ts";
import { feedArchive } from "./feed_archive.ts";
import { startEventSystem } from "./event_system.ts";
import { type LogOptions, openLog } from "./open_log.ts";
import { openStores } from "./stores.ts";
import { checkTlsFiles } from "./tls.ts";

/** How to serve. */
export interface ServeOptions {
  /** Address of the interface to listen on. */
  readonly hostname: string;
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Serves HTTPS with this certificate, which may be renewed meanwhile; HTTP unless given. */
  readonly tls?: TlsFiles | undefined;
  /** Where everything is kept. */
  readonly dataFolder: string;
  /** Which of the servers to use. */
  readonly server: ServerName;
  /** How many workers the `pool` server has; one a core unless given. */
  readonly workers?: number | undefined;
  /** Whether to mount the example routes. */
  readonly examples?: boolean;
  /** Names under which the server is reached, beside `localhost` and addresses. */
  readonly hosts?: readonly string[];
  /** How often garbage is collected, in milliseconds; never unless given. */
  readonly collectionIntervalMs?: number | undefined;
  /** How to log; warnings to standard error unless told. */
  readonly log?: LogOptions;
  /** Told of what no client should see. */
  readonly onError: (error: unknown) => void;
}

/** A server that accepts connections. */
export interface RunningServer extends AsyncDisposable {
  /** Where it listens: `http://127.0.0.1:8080`; https if it has a certificate. */
  readonly url: string;
  /** Stops accepting, finishes what is in flight, and closes the stores. */
  shutdown(reason: string): Promise<void>;
}

/**
 * Opens the stores in the data folder and serves them.
 *
 * @throws {Failure} if the certificate, the folder or the address cannot be used.
 */
export async function openServer(options: ServeOptions): Promise<RunningServer> {
  if (options.tls) checkTlsFiles(options.tls);
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(claimDataFolder(options.dataFolder));
  const log = stack.use(await openLog(options.log ?? {}));
  const recorders = [new EventLogger(log), auditComponent(`${folder.path}/audit.jsonl`)];
  const { examples = false, hosts = [], hostname } = options;
  const config = {
    dataFolder: folder.path,
    examples,
    hosts: [...hosts, hostname],
    follows: options.server !== "serial",
  };
  const onError = (error: unknown): void => {
    // Standard error has it from whoever called.
    if (options.log?.file !== undefined) log.error("A request failed for a reason no client is told", { error });
    options.onError(error);
  };
  const { http, events } = stack.use(
    options.server === "pool"
      ? await preparePool({ ...options, onError }, config, recorders)
      : await prepareServer(options.server, { onError, config, recorders }),
  );
  const url = await listen(http, options);
  const { collectionIntervalMs: intervalMs } = options;
  if (intervalMs !== undefined) {
    stack.use(startCollectionTimer({ dataFolder: folder.path, events, intervalMs, onError }));
  }
  events.emit("server.started", { url, server: options.server, version });
  const resources = stack.move();
  const shutdown = async (reason: string): Promise<void> => {
    events.emit("server.stopping", { reason });
    await resources.disposeAsync();
  };
  return { url, shutdown, [Symbol.asyncDispose]: () => shutdown("The program ends") };
}

/** A server that does not listen yet, and what stands behind it. */
interface PreparedServer extends AsyncDisposable {
  readonly http: HttpServer;
  readonly events: EventBus;
}

/** Prepares a server that serves in this worker. */
async function prepareServer(
  name: "async" | "serial",
  parts: {
    readonly onError: (error: unknown) => void;
    readonly config: ApplicationConfig;
    readonly recorders: readonly Component[];
  },
): Promise<PreparedServer> {
  await using stack = new AsyncDisposableStack();
  const { handler, events } = stack.use(await openApplication(parts.config, parts.recorders));
  const http = stack.use(createServer(name, { handler, onError: parts.onError }));
  const resources = stack.move();
  return { http, events, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** Prepares a server whose workers each open an application; here their events are written down. */
async function preparePool(
  options: ServeOptions,
  config: ApplicationConfig,
  recorders: readonly Component[],
): Promise<PreparedServer> {
  const { workers, onError } = options;
  await using stack = new AsyncDisposableStack();
  const channel = `dfs-${crypto.randomUUID()}`;
  // Nobody reads this feed; it hears everything, and so leaves what the feeds of the next run go on from.
  const feed = new LiveFeed({ archive: feedArchive(config.dataFolder, { keeps: true }) });
  const components = [...recorders, feed];
  const system = await startEventSystem({ name: "server", channel, components, outlivesOthers: true });
  const { events } = stack.use(system);
  // What is wrong with the stores is told from here, and mended once.
  await (await openStores(config.dataFolder, events))[Symbol.asyncDispose]();
  const http = stack.use(createServer("pool", {
    module: new URL("./pool_worker.ts", import.meta.url),
    config: { ...config, channel },
    onError,
    ...(workers === undefined ? {} : { workers }),
  }));
  const resources = stack.move();
  return { http, events, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

async function listen(http: HttpServer, options: ServeOptions): Promise<string> {
  const { hostname, port, tls } = options;
  try {
    const address = await http.listen({ hostname, port, ...(tls ? { tls } : {}) });
    return `${tls ? "https" : "http"}://${hostname.includes(":") ? `[${hostname}]` : hostname}:${address.port}`;
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

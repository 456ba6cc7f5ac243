import { socketConnection } from "../socket_connection.ts";
import type { ServerStats } from "../server_stats.ts";
import { ConnectionHost } from "./connection_host.ts";
import type { HttpServer, ListenAddress, ListenOptions, ServerOptions, ShutdownOptions } from "./http_server.ts";
import { acceptSockets, openListener, type SocketListener } from "./listener.ts";

/** Serves all connections in one event loop. */
export class AsyncServer implements HttpServer {
  readonly #host: ConnectionHost;
  readonly #ended = Promise.withResolvers<void>();
  readonly #reusePort: boolean;
  #listener: SocketListener | undefined;
  #accepting: Promise<void> | undefined;
  #shutdown: Promise<void> | undefined;

  /** @param reusePort Whether other servers of this process listen at the same port. */
  constructor(options: ServerOptions, reusePort = false) {
    this.#host = new ConnectionHost(options);
    this.#reusePort = reusePort;
  }

  get finished(): Promise<void> {
    return this.#ended.promise;
  }

  get stats(): ServerStats {
    return this.#host.stats;
  }

  async listen(options: ListenOptions): Promise<ListenAddress> {
    if (this.#listener) throw new TypeError("The server listens already");
    const listener = await openListener({ ...options, reusePort: this.#reusePort });
    this.#listener = listener;
    this.#accepting = acceptSockets(listener, (socket) => void this.#host.serve(socketConnection(socket)));
    return { hostname: options.hostname, port: listener.addr.port };
  }

  shutdown(options: ShutdownOptions = {}): Promise<void> {
    return this.#shutdown ??= this.#end(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  async #end(options: ShutdownOptions): Promise<void> {
    this.#listener?.close();
    await this.#accepting;
    await this.#host.shutdown(options.graceMs);
    this.#ended.resolve();
  }
}

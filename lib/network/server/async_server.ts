import { socketConnection } from "../socket_connection.ts";
import type { ServerStats } from "../server_stats.ts";
import { ConnectionHost } from "./connection_host.ts";
import type { HttpServer, ListenAddress, ListenOptions, ServerOptions, ShutdownOptions } from "./http_server.ts";
import { ReloadingListener } from "./reloading_listener.ts";

/** Serves all connections in one event loop. */
export class AsyncServer implements HttpServer {
  readonly #options: ServerOptions;
  readonly #host: ConnectionHost;
  readonly #ended = Promise.withResolvers<void>();
  readonly #reusePort: boolean | undefined;
  #listener: ReloadingListener | undefined;
  #shutdown: Promise<void> | undefined;

  /** @param reusePort Whether other servers of this process listen at the same port. */
  constructor(options: ServerOptions, reusePort?: boolean) {
    this.#options = options;
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
    this.#listener = new ReloadingListener({
      ...this.#options,
      ...options,
      ...(this.#reusePort === undefined ? {} : { reusePort: this.#reusePort }),
      onSocket: (socket) => void this.#host.serve(socketConnection(socket)),
    });
    return await this.#listener.open();
  }

  shutdown(options: ShutdownOptions = {}): Promise<void> {
    return this.#shutdown ??= this.#end(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  async #end(options: ShutdownOptions): Promise<void> {
    await this.#listener?.close();
    await this.#host.shutdown(options.graceMs);
    this.#ended.resolve();
  }
}

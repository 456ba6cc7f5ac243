import { socketConnection } from "../socket_connection.ts";
import type { ServerStats } from "../server_stats.ts";
import { ConnectionHost } from "./connection_host.ts";
import type { HttpServer, ListenAddress, ListenOptions, ServerOptions, ShutdownOptions } from "./http_server.ts";
import { ReloadingListener } from "./reloading_listener.ts";

/**
 * Serves one connection at a time, in the order they came, as blocking servers do.
 *
 * A connection is kept while nobody else waits. As soon as the next one is there, the current one is told to end after
 * its request, so that idle peers hold nobody up; a response that never ends does.
 */
export class SerialServer implements HttpServer {
  readonly #options: ServerOptions;
  readonly #host: ConnectionHost;
  readonly #ended = Promise.withResolvers<void>();
  #listener: ReloadingListener | undefined;
  #current: Promise<void> = Promise.resolve();
  #shutdown: Promise<void> | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#host = new ConnectionHost(options);
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
      onSocket: (socket) => this.#serveNext(socket),
    });
    return await this.#listener.open();
  }

  shutdown(options: ShutdownOptions = {}): Promise<void> {
    return this.#shutdown ??= this.#end(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  /** Waits for its turn; the next socket is accepted only when this one is being served. */
  async #serveNext(socket: Deno.TcpConn | Deno.TlsConn): Promise<void> {
    this.#host.drain({ spareFirst: true });
    await this.#current;
    this.#current = this.#host.serve(socketConnection(socket));
  }

  async #end(options: ShutdownOptions): Promise<void> {
    const closed = this.#listener?.close();
    await this.#host.shutdown(options.graceMs);
    await closed;
    this.#ended.resolve();
  }
}

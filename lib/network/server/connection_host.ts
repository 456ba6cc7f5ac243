import { systemClock } from "../../core/mod.ts";
import { DateCache } from "../date_cache.ts";
import { DeadlineSweeper } from "../deadline_sweeper.ts";
import { HttpConnection, type HttpConnectionOptions } from "../http_connection.ts";
import { completeLimits, defaultTimeouts } from "../limits.ts";
import { refuseConnection } from "../refuse_connection.ts";
import { requestHeadOptions } from "../request_reader.ts";
import { SlotList } from "../slot_list.ts";
import { newCounters, type ServerStats } from "../server_stats.ts";
import { systemTicker } from "../ticker.ts";
import type { ByteConnection } from "../types.ts";
import type { ServerOptions } from "./http_server.ts";

/** How long requests in flight may take when a server is shut down. */
export const graceMsDefault = 10_000;
/** How long handlers may take to end after their connections were dropped. */
const abandonMs = 250;
/** Refused connections that are told so at the same time; beyond them they are only closed. */
const refusalsMax = 256;

/**
 * Serves connections wherever they come from, a listener or a simulation, and ends them together.
 *
 * @example
 * ```ts
 * import { ConnectionHost } from "./connection_host.ts";
 * import { memoryConnectionPair } from "../memory_connection.ts";
 * import { text } from "../responses.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const host = new ConnectionHost({ handler: () => text("Hello") });
 * const [client, server] = memoryConnectionPair();
 * const served = host.serve(server);
 * await client.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
 * const buffer = new Uint8Array(1024);
 * const count = await client.read(buffer) ?? 0;
 * assertStringIncludes(new TextDecoder().decode(buffer.subarray(0, count)), "HTTP/1.1 200 OK");
 * await served;
 * await host.shutdown();
 * ```
 */
export class ConnectionHost {
  readonly #options: HttpConnectionOptions;
  readonly #counters = newCounters();
  readonly #open = new SlotList<HttpConnection>();
  /** Called when the last connection has ended. */
  #onEmpty = () => {};
  #refusals = 0;
  #draining = false;

  /** Listens nowhere: {@linkcode serve} takes each connection. The ticker calls it until it is shut down. */
  constructor(options: ServerOptions) {
    const sweeper = new DeadlineSweeper(options.ticker ?? systemTicker);
    const date = new DateCache(options.clock ?? systemClock);
    sweeper.add(date);
    sweeper.add({ expire: (now) => this.#expire(now) });
    const limits = completeLimits(options.limits);
    this.#options = {
      handler: options.handler,
      limits,
      heads: requestHeadOptions(limits),
      timeouts: { ...defaultTimeouts, ...options.timeouts },
      sweeper,
      date,
      counters: this.#counters,
      onError: options.onError ?? (() => {}),
    };
  }

  /** What was done so far. */
  get stats(): ServerStats {
    return { ...this.#counters };
  }

  /** Serves a connection to its end; refuses it with 503 if there are too many. Never rejects. */
  async serve(connection: ByteConnection): Promise<void> {
    if (this.#draining) return connection.close();
    if (this.#open.size >= this.#options.limits.connectionsMax) return await this.#refuse(connection);
    const served = new HttpConnection(connection, this.#options);
    const slot = this.#open.add(served);
    await served.run();
    this.#open.delete(slot);
    if (this.#open.size === 0) this.#onEmpty();
  }

  /** Tells every connection to end after the request it is answering; see {@linkcode HttpConnection.drain}. */
  drain(options: { readonly spareFirst?: boolean } = {}): void {
    for (const connection of this.#open) connection.drain(options);
  }

  /** Ends all connections, gently at first; no further one is served. */
  async shutdown(graceMs: number = graceMsDefault): Promise<void> {
    this.#draining = true;
    this.drain();
    await this.#allEnded(graceMs);
    for (const connection of this.#open) connection.close();
    // A handler that heeds no signal may never end; its connection is gone, and nobody waits for it.
    await this.#allEnded(abandonMs);
    this.#options.sweeper[Symbol.dispose]();
  }

  #expire(now: number): void {
    for (const connection of this.#open) connection.expire(now);
  }

  /** Waits until all connections have ended, or some time is over. */
  async #allEnded(waitMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    const waited = Promise.withResolvers<void>();
    this.#onEmpty = waited.resolve;
    const timer = setTimeout(waited.resolve, waitMs);
    await waited.promise;
    clearTimeout(timer);
  }

  async #refuse(connection: ByteConnection): Promise<void> {
    this.#counters.connectionsRefused++;
    if (this.#refusals >= refusalsMax) return connection.close();
    this.#refusals++;
    await refuseConnection(connection, this.#options);
    this.#refusals--;
  }
}

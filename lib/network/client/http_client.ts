import { RateLimiter } from "../../core/mod.ts";
import { DeadlineSweeper } from "../deadline_sweeper.ts";
import { throttledConnection, type ThrottleOptions } from "../throttled_connection.ts";
import { systemTicker, type Ticker } from "../ticker.ts";
import type { ByteConnection } from "../types.ts";
import { ClientConnection } from "./client_connection.ts";
import type { ClientResponse } from "./client_response.ts";
import { type ClientTimeouts, defaultClientTimeouts } from "./client_timeouts.ts";
import { connectOrigin } from "./connect_origin.ts";
import { HttpClientError } from "./http_client_error.ts";
import { type ClientRequest, formatRequestHead } from "./request_head.ts";

/** Options of an {@linkcode HttpClient}. */
export interface HttpClientOptions {
  /** Scheme, host and port of the server: `http://host:port` or `https://host`. */
  readonly origin: string;
  /** Makes a connection, unless the signal says that nobody waits for it; TCP, or TLS for https, unless given. */
  readonly connect?: (signal?: AbortSignal) => Promise<ByteConnection>;
  /** Certificates to trust beside the system's, PEM. */
  readonly caCerts?: readonly string[];
  /** Connections open at once; further requests wait. 6 unless given. */
  readonly maxConnections?: number;
  /** Timeouts that differ from `defaultClientTimeouts`. */
  readonly timeouts?: Partial<ClientTimeouts>;
  /** Time for deadlines; the system's unless given. */
  readonly ticker?: Ticker;
  /**
   * How many bytes a second are sent at most, over all connections together; or a limiter that several clients share.
   * Below some 10,000 the other side may take us for dead.
   */
  readonly limitUp?: number | RateLimiter | undefined;
  /** How many bytes a second are received at most, likewise. */
  readonly limitDown?: number | RateLimiter | undefined;
}

const maxConnectionsDefault = 6;
const idempotentMethods = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/**
 * Asks one server over HTTP/1.1, on kept connections. Bodies of requests are written from where they lie, so that large
 * ones go at the speed of the socket.
 *
 * A kept connection that turns out to be dead before any byte of the reply is replaced once, if the request is
 * idempotent (RFC 9112 section 9.3.1); everything else that fails throws an {@linkcode HttpClientError}.
 *
 * @example
 * ```ts
 * import { HttpClient } from "./http_client.ts";
 * import { AsyncServer } from "../server/async_server.ts";
 * import { text } from "../responses.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await using server = new AsyncServer({ handler: () => text("Hello") });
 * const { hostname, port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
 * using client = new HttpClient({ origin: `http://${hostname}:${port}` });
 * const response = await client.request({ method: "GET", path: "/" });
 * assertEquals(await response.text({ max: 100 }), "Hello");
 * ```
 */
export class HttpClient implements Disposable {
  readonly #connect: (signal?: AbortSignal) => Promise<ByteConnection>;
  readonly #host: string;
  readonly #max: number;
  readonly #timeouts: ClientTimeouts;
  readonly #throttle: ThrottleOptions;
  readonly #sweeper: DeadlineSweeper;
  readonly #open = new Set<ClientConnection>();
  readonly #waiting: (() => void)[] = [];
  #free: ClientConnection[] = [];
  #connecting = 0;
  #closed = false;

  /**
   * Opens no connection before the first request.
   *
   * @throws {TypeError} if the origin is not a URL.
   * @throws {RangeError} if a limit is not positive.
   */
  constructor(options: HttpClientOptions) {
    const origin = new URL(options.origin);
    this.#timeouts = { ...defaultClientTimeouts, ...options.timeouts };
    const { connectMs } = this.#timeouts;
    const { caCerts = [] } = options;
    this.#connect = options.connect ?? ((signal) => connectOrigin(origin, { connectMs, caCerts, signal }));
    this.#host = origin.host;
    this.#max = options.maxConnections ?? maxConnectionsDefault;
    this.#throttle = { up: limiterOf(options.limitUp), down: limiterOf(options.limitDown) };
    this.#sweeper = new DeadlineSweeper(options.ticker ?? systemTicker);
    this.#sweeper.add({ expire: (now) => this.#dropExpired(now) });
  }

  /** Sends a request and waits for the head of the reply. Throws an {@linkcode HttpClientError}. */
  async request(request: ClientRequest): Promise<ClientResponse> {
    const head = formatRequestHead(request, this.#host);
    const { signal } = request;
    const connection = await this.#acquire({ signal });
    try {
      return await connection.exchange(request, head);
    } catch (error) {
      const idempotent = request.idempotent ?? idempotentMethods.has(request.method);
      const isStale = error instanceof HttpClientError && error.kind === "cut_before_reply" && connection.used;
      if (!isStale || !idempotent) throw error;
      const fresh = await this.#acquire({ fresh: true, signal });
      return await fresh.exchange(request, head);
    }
  }

  /** Closes the connections that nobody uses: after a sleep of this machine the other side may know them no more. */
  dropIdle(): void {
    for (const connection of [...this.#free]) connection.drop();
  }

  /** Closes all connections; requests under way fail. */
  close(): void {
    this.#closed = true;
    this.#sweeper[Symbol.dispose]();
    for (const connection of [...this.#open]) connection.drop();
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** The same as {@linkcode close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** A connection that nobody uses, or a new one, as soon as there may be one more. */
  async #acquire(
    { fresh = false, signal }: { readonly fresh?: boolean; readonly signal: AbortSignal | undefined },
  ): Promise<ClientConnection> {
    while (!this.#closed) {
      const kept = fresh ? undefined : this.#takeFree();
      if (kept) return kept;
      if (this.#open.size + this.#connecting < this.#max) return await this.#openConnection(signal);
      const spare = this.#free.pop();
      if (spare) spare.drop();
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    throw new HttpClientError("aborted", "The client is closed", { maybeSent: false });
  }

  async #openConnection(signal: AbortSignal | undefined): Promise<ClientConnection> {
    this.#connecting++;
    try {
      const { sweeper, timeouts } = { sweeper: this.#sweeper, timeouts: this.#timeouts };
      const onFree = (connection: ClientConnection) => this.#release(connection);
      const bytes = throttledConnection(await this.#connect(signal), this.#throttle);
      const connection = new ClientConnection(bytes, { sweeper, timeouts, onFree });
      this.#open.add(connection);
      return connection;
    } catch (cause) {
      if (cause instanceof HttpClientError) throw cause;
      if (signal?.aborted) throw new HttpClientError("aborted", "The request was aborted", { maybeSent: false, cause });
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new HttpClientError("connect", `Cannot connect to ${this.#host}: ${reason}`, { maybeSent: false, cause });
    } finally {
      this.#connecting--;
      this.#waiting.shift()?.();
    }
  }

  #takeFree(): ClientConnection | undefined {
    for (let kept = this.#free.pop(); kept; kept = this.#free.pop()) if (kept.reusable) return kept;
    return undefined;
  }

  #release(connection: ClientConnection): void {
    if (connection.reusable) this.#free.push(connection);
    else {
      this.#open.delete(connection);
      this.#free = this.#free.filter((other) => other !== connection);
    }
    this.#waiting.shift()?.();
  }

  #dropExpired(now: number): void {
    for (const connection of [...this.#free]) {
      if (now - connection.freeSince > this.#timeouts.idleMs) connection.drop();
    }
  }
}

function limiterOf(limit: number | RateLimiter | undefined): RateLimiter | undefined {
  return typeof limit === "number" ? new RateLimiter({ bytesPerSecond: limit }) : limit;
}

import type { HttpLimits, HttpTimeouts } from "../limits.ts";
import type { ServerStats } from "../server_stats.ts";
import type { Ticker } from "../ticker.ts";
import type { HttpHandler } from "../types.ts";
import type { Clock } from "../../core/mod.ts";

/** Files of a certificate; they are read again when they change. */
export interface TlsFiles {
  /** Path of the certificate chain, PEM. */
  readonly certFile: string;
  /** Path of the private key, PEM. */
  readonly keyFile: string;
}

/** Where a server listens. */
export interface ListenOptions {
  /** Address of an interface: `127.0.0.1`, `::1`, `0.0.0.0`. */
  readonly hostname: string;
  /** Port; 0 lets the system choose. */
  readonly port: number;
  /** Serves HTTPS with this certificate, TLS 1.2 or newer. */
  readonly tls?: TlsFiles;
}

/** Where a server was found to listen. */
export interface ListenAddress {
  /** The name or address that was asked for, with no port. */
  readonly hostname: string;
  /** The port in use, which the system chose if 0 was asked for. */
  readonly port: number;
}

/** How a server ends. */
export interface ShutdownOptions {
  /** How long requests in flight may take; 10 s unless given. */
  readonly graceMs?: number;
}

/** What every server takes. */
export interface ServerOptions {
  /** Answers the requests. */
  readonly handler: HttpHandler;
  /** Limits that differ from `defaultLimits`. */
  readonly limits?: Partial<HttpLimits>;
  /** Timeouts that differ from `defaultTimeouts`. */
  readonly timeouts?: Partial<HttpTimeouts>;
  /** Told of errors that no response shows: what a handler threw that is no `HttpError`, a certificate that is none. */
  readonly onError?: (error: unknown) => void;
  /** Time for deadlines; the system's unless given. */
  readonly ticker?: Ticker;
  /** Time for `Date`; the system's unless given. */
  readonly clock?: Clock;
}

/** A server: listens once, serves, and is shut down. */
export interface HttpServer extends AsyncDisposable {
  /** Begins to listen and to serve; throws what the platform throws if the address cannot be had. */
  listen(options: ListenOptions): Promise<ListenAddress>;
  /**
   * Stops accepting, tells kept connections to close, waits for requests in flight and drops them when the grace is
   * over. Settles when all is over; a second call waits for the first.
   */
  shutdown(options?: ShutdownOptions): Promise<void>;
  /** Settles when the server has ended. */
  readonly finished: Promise<void>;
  /** What it has done so far. */
  readonly stats: ServerStats;
}

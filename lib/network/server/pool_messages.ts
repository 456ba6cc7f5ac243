import type { HttpLimits, HttpTimeouts } from "../limits.ts";
import type { ServerStats } from "../server_stats.ts";
import type { ListenAddress, ListenOptions, ShutdownOptions } from "./http_server.ts";

/** A value that JSON can say; what a worker builds its handler from. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | {
  readonly [name: string]: JsonValue;
};

/** What the pool tells a worker. */
export type PoolCommand =
  | {
    readonly kind: "listen";
    readonly config: JsonValue;
    readonly listen: ListenOptions;
    readonly limits: Partial<HttpLimits>;
    readonly timeouts: Partial<HttpTimeouts>;
    /** Whether workers share the port. */
    readonly reusePort: boolean;
  }
  | { readonly kind: "shutdown"; readonly options: ShutdownOptions };

/** What a worker tells the pool. */
export type PoolReport =
  | { readonly kind: "listening"; readonly address: ListenAddress }
  | { readonly kind: "stats"; readonly stats: ServerStats }
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "finished"; readonly stats: ServerStats };

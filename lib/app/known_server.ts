import { defaultRetry, readWorkspaceConfig, type RetryOptions } from "../client/mod.ts";
import { Failure } from "../core/mod.ts";
import { type ClientTimeouts, HttpClient } from "../network/client/mod.ts";
import { checkOrigin } from "./client.ts";
import { readTrust } from "./tls.ts";

/** Which server and space are meant. */
export interface KnownServerOptions {
  /** Address of the server; the one the folder remembers unless given. */
  readonly remote?: string | undefined;
  /** Name of the space; the one the folder remembers, or `default`, unless given. */
  readonly space?: string | undefined;
  /** Path of a certificate to trust beside those of the system, PEM. */
  readonly caCertFile?: string | undefined;
  /** The synchronized folder. */
  readonly folder: string;
  /** How long to wait for the server, where that is not as usual. */
  readonly timeouts?: Partial<ClientTimeouts> | undefined;
}

/** A space on a server, and connections to it. */
export interface KnownServer {
  /** Connections to the server; the caller closes them. */
  readonly http: HttpClient;
  /** Address of the server. */
  readonly origin: string;
  /** Name of the space. */
  readonly space: string;
  /** How failed requests are repeated. */
  readonly retry: RetryOptions;
}

/**
 * Finds the server and space that are meant; no byte is sent yet. The folder is not locked.
 *
 * @throws {Failure} if no server is known.
 */
export function knownServer({ remote, space, folder, caCertFile, timeouts = {} }: KnownServerOptions): KnownServer {
  const config = readWorkspaceConfig(`${folder}/.dfs/config.yaml`);
  const address = remote?.replace(/\/+$/, "") ?? config?.remote;
  if (address === undefined) {
    throw new Failure("usage", `No server is known for "${folder}"`, { hint: "Name it: --remote http://HOST:PORT" });
  }
  const origin = checkOrigin(address);
  const http = new HttpClient({ origin, ...readTrust(caCertFile), timeouts });
  return { http, origin, space: space ?? config?.space ?? "default", retry: defaultRetry };
}

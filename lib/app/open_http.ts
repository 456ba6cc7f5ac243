import { defaultRetry, type RetryOptions } from "../client/mod.ts";
import { Failure } from "../core/mod.ts";
import { type ClientTimeouts, HttpClient } from "../network/client/mod.ts";
import { readTrust, type TrustOptions } from "./tls.ts";

/** How a server is talked to, the same for every command. */
export interface HttpAccess {
  /** Path of a certificate to trust beside those of the system, PEM. */
  readonly caCert?: string | undefined;
  /** Bytes a second to send at most, over all requests together. */
  readonly limitUp?: number | undefined;
  /** Bytes a second to receive at most, likewise. */
  readonly limitDown?: number | undefined;
  /** How often a failed request is repeated. */
  readonly retries?: number | undefined;
  /** How long the server may take to answer, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** Connections to a server. */
export interface OpenedHttp {
  /** The connections; the caller closes them. */
  readonly http: HttpClient;
  /** Address of the server. */
  readonly origin: string;
  /** How failed requests are repeated. */
  readonly retry: RetryOptions;
}

/**
 * Prepares to talk to a server; no byte is sent yet.
 *
 * @param address Address of the server, such as `http://127.0.0.1:8080`.
 * @param trust What was read of the certificate before; it is read unless given.
 * @throws {Failure} kind `usage` if it is none, or what is to be trusted is no certificate.
 */
export function openHttp(
  address: string,
  access: HttpAccess,
  trust: TrustOptions = readTrust(access.caCert),
): OpenedHttp {
  const { limitUp, limitDown, retries, timeoutMs } = access;
  const origin = checkOrigin(address);
  const timeouts: Partial<ClientTimeouts> = timeoutMs === undefined ? {} : { replyMs: timeoutMs };
  const http = new HttpClient({ origin, ...trust, limitUp, limitDown, timeouts });
  return { http, origin, retry: retries === undefined ? defaultRetry : { ...defaultRetry, attemptsMax: retries + 1 } };
}

/**
 * Checks the address of a server.
 *
 * @throws {Failure} kind `usage` if it is none.
 */
export function checkOrigin(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.hostname !== "") return text;
  throw new Failure("usage", `"${text}" is not the address of a server`, { hint: "Write it as http://HOST:PORT" });
}

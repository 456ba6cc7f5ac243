import { socketConnection } from "../socket_connection.ts";
import type { ByteConnection } from "../types.ts";
import { HttpClientError } from "./http_client_error.ts";

/** How {@linkcode connectOrigin} connects. */
export interface ConnectOriginOptions {
  /** How long it may take. */
  readonly connectMs: number;
  /** Certificates to trust beside the system's, PEM. */
  readonly caCerts: readonly string[];
  /** Gives it up. */
  readonly signal?: AbortSignal | undefined;
}

/** Connects to the host and port of a URL: by TCP, or by TLS if the scheme is https. */
export async function connectOrigin(origin: URL, options: ConnectOriginOptions): Promise<ByteConnection> {
  const hostname = origin.hostname.replace(/^\[|\]$/g, "");
  const isTls = origin.protocol === "https:";
  const port = Number(origin.port) || (isTls ? 443 : 80);
  const timeout = AbortSignal.timeout(options.connectMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  try {
    const socket = await Deno.connect({ hostname, port, signal });
    socket.setNoDelay(true);
    return socketConnection(isTls ? await startTls(socket, hostname, { ...options, signal }) : socket);
  } catch (cause) {
    if (!timeout.aborted) throw cause;
    throw new HttpClientError("timeout", `Cannot connect to ${origin.host} in time`, { maybeSent: false, cause });
  }
}

async function startTls(
  socket: Deno.TcpConn,
  hostname: string,
  { caCerts, signal }: { readonly caCerts: readonly string[]; readonly signal: AbortSignal },
): Promise<Deno.TlsConn> {
  let secure: Deno.TlsConn | undefined;
  const giveUp = (): void => closeQuietly(secure ?? socket);
  signal.addEventListener("abort", giveUp);
  try {
    secure = await Deno.startTls(socket, { hostname, caCerts: [...caCerts], alpnProtocols: ["http/1.1"] });
    await secure.handshake();
    return secure;
  } catch (error) {
    closeQuietly(secure ?? socket);
    if (!(error instanceof Deno.errors.InvalidData)) throw error;
    const message = `The certificate of ${hostname} is not trusted: ${error.message}`;
    throw new HttpClientError("untrusted", message, { maybeSent: false, cause: error });
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** Closes what may be closed already. */
function closeQuietly(socket: Deno.Conn): void {
  try {
    socket.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

import type { ListenOptions, TlsFiles } from "./http_server.ts";

/** A listener of either kind. */
export type SocketListener = Deno.TcpListener | Deno.TlsListener;

/** How a listener is opened. */
export interface OpenListenerOptions extends Pick<ListenOptions, "hostname" | "port"> {
  /** What to speak TLS with. */
  readonly certificate?: Certificate | undefined;
  /** Shares the port with other listeners of this process that say so too (SO_REUSEPORT, Linux). */
  readonly reusePort?: boolean;
}

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Reads a certificate; throws what the platform throws. */
export async function readCertificate(files: TlsFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([Deno.readTextFile(files.certFile), Deno.readTextFile(files.keyFile)]);
  return { cert, key };
}

/** Opens a listener, of TLS if there is a certificate. Throws what the platform throws. */
export function openListener(options: OpenListenerOptions): SocketListener {
  const { hostname, port, certificate, reusePort = false } = options;
  if (!certificate) return Deno.listen({ hostname, port, reusePort });
  return Deno.listenTls({ hostname, port, reusePort, ...certificate, alpnProtocols: ["http/1.1"] });
}

/** How long to wait after the system had no room for another connection. */
const acceptRetryMs = 50;

/**
 * Accepts until the listener is closed.
 *
 * @param onSocket Takes each socket; the next is accepted when its promise settles.
 */
export async function acceptSockets(
  listener: SocketListener,
  onSocket: (socket: Deno.TcpConn | Deno.TlsConn) => Promise<void> | void,
): Promise<void> {
  while (true) {
    try {
      const taken = onSocket(await listener.accept());
      if (taken) await taken;
    } catch (error) {
      if (isClosed(error)) return;
      // A peer that gave up while it was queued, or no file descriptor left: neither is the listener's end.
      await new Promise((resolve) => setTimeout(resolve, acceptRetryMs));
    }
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted;
}

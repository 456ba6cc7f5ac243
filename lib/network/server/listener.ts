import type { ListenOptions } from "./http_server.ts";

/** A listener of either kind. */
export type SocketListener = Deno.TcpListener | Deno.TlsListener;

/** How a listener is opened. */
export interface OpenListenerOptions extends ListenOptions {
  /** Shares the port with other listeners of this process that say so too (SO_REUSEPORT, Linux). */
  readonly reusePort?: boolean;
}

/** Opens a listener; reads the certificate if there is one. Throws what the platform throws. */
export async function openListener(options: OpenListenerOptions): Promise<SocketListener> {
  const { hostname, port, tls, reusePort = false } = options;
  if (!tls) return Deno.listen({ hostname, port, reusePort });
  const [cert, key] = await Promise.all([Deno.readTextFile(tls.certFile), Deno.readTextFile(tls.keyFile)]);
  return Deno.listenTls({ hostname, port, reusePort, cert, key, alpnProtocols: ["http/1.1"] });
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
      await onSocket(await listener.accept());
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

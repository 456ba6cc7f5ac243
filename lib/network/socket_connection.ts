import type { ByteConnection } from "./types.ts";

/** Wraps a socket of the platform; TCP ones get TCP_NODELAY, since we gather small writes ourselves. */
export function socketConnection(socket: Deno.TcpConn | Deno.TlsConn): ByteConnection {
  if ("setNoDelay" in socket) socket.setNoDelay(true);
  return new SocketConnection(socket);
}

class SocketConnection implements ByteConnection {
  readonly #socket: Deno.TcpConn | Deno.TlsConn;
  #closed = false;

  constructor(socket: Deno.TcpConn | Deno.TlsConn) {
    this.#socket = socket;
  }

  get remoteAddr(): { hostname: string; port: number } {
    return this.#socket.remoteAddr;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#socket.read(buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#socket.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#socket.closeWrite();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#socket.close();
    } catch (error) {
      // A peer's reset may have closed it already.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

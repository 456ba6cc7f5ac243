import type { ByteConnection } from "./types.ts";

/**
 * Wraps a socket of the platform. A TCP one gets TCP_NODELAY with its second write, since we gather small writes
 * ourselves; the first one has nothing to wait for, and is often the only one.
 */
export function socketConnection(socket: Deno.TcpConn | Deno.TlsConn): ByteConnection {
  return new SocketConnection(socket);
}

class SocketConnection implements ByteConnection {
  readonly #socket: Deno.TcpConn | Deno.TlsConn;
  #hasWritten = false;
  #waitsForNothing = false;
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
    if (!this.#waitsForNothing) this.#prepareWrite();
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

  #prepareWrite(): void {
    if (this.#hasWritten && "setNoDelay" in this.#socket) this.#socket.setNoDelay(true);
    this.#waitsForNothing = this.#hasWritten;
    this.#hasWritten = true;
  }
}

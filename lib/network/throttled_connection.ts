import type { RateLimiter } from "../core/mod.ts";
import type { ByteConnection, RemoteAddress } from "./types.ts";

/** How fast a connection may be; a direction without a limiter is as fast as it goes. */
export interface ThrottleOptions {
  /** For what is written. */
  readonly up?: RateLimiter | undefined;
  /** For what is read. */
  readonly down?: RateLimiter | undefined;
}

/**
 * Slows a connection down. It is read and written in small pieces, each after its turn, so that the rate is even; what is
 * not read yet waits in the other side's hands, and what is not written yet in the caller's.
 *
 * @returns The very connection if there is no limit.
 */
export function throttledConnection(connection: ByteConnection, options: ThrottleOptions): ByteConnection {
  return options.up || options.down ? new ThrottledConnection(connection, options) : connection;
}

class ThrottledConnection implements ByteConnection {
  readonly #connection: ByteConnection;
  readonly #up: RateLimiter | undefined;
  readonly #down: RateLimiter | undefined;
  readonly #closing = new AbortController();

  constructor(connection: ByteConnection, { up, down }: ThrottleOptions) {
    this.#connection = connection;
    this.#up = up;
    this.#down = down;
  }

  get remoteAddr(): RemoteAddress {
    return this.#connection.remoteAddr;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    if (!this.#down) return await this.#connection.read(buffer);
    const count = await this.#connection.read(buffer.subarray(0, this.#down.pieceBytes));
    if (count !== null) await this.#down.pass(count, this.#closing.signal);
    return count;
  }

  async write(bytes: Uint8Array): Promise<number> {
    if (!this.#up) return await this.#connection.write(bytes);
    const piece = bytes.subarray(0, this.#up.pieceBytes);
    await this.#up.pass(piece.length, this.#closing.signal);
    const count = await this.#connection.write(piece);
    this.#up.giveBack(piece.length - count);
    return count;
  }

  closeWrite(): Promise<void> {
    return this.#connection.closeWrite();
  }

  close(): void {
    this.#closing.abort(new Deno.errors.BadResource("The connection is closed"));
    this.#connection.close();
  }
}

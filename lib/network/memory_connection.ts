import type { ByteConnection, RemoteAddress } from "./types.ts";

/** Options of {@linkcode memoryConnectionPair}. */
export interface MemoryConnectionOptions {
  /** How many bytes a direction holds before writers wait; 64 KiB unless given. */
  readonly capacity?: number;
  /** Address that both ends report of each other. */
  readonly address?: RemoteAddress;
}

/**
 * Two connected ends without a network, for tests and simulations: what is written to one is read from the other, with
 * back-pressure, half close and abort as sockets have them.
 *
 * @example
 * ```ts
 * import { memoryConnectionPair } from "./memory_connection.ts";
 * import { assertEquals } from "@std/assert";
 * const [left, right] = memoryConnectionPair();
 * await left.write(new Uint8Array([1, 2]));
 * assertEquals(await right.read(new Uint8Array(8)), 2);
 * ```
 */
export function memoryConnectionPair(options: MemoryConnectionOptions = {}): [ByteConnection, ByteConnection] {
  const capacity = options.capacity ?? 64 * 1024;
  const address = options.address ?? { hostname: "memory", port: 0 };
  const there = new MemoryPipe(capacity);
  const back = new MemoryPipe(capacity);
  return [new MemoryConnection(there, back, address), new MemoryConnection(back, there, address)];
}

class MemoryConnection implements ByteConnection {
  readonly #out: MemoryPipe;
  readonly #in: MemoryPipe;
  readonly remoteAddr: RemoteAddress;

  constructor(out: MemoryPipe, incoming: MemoryPipe, remoteAddr: RemoteAddress) {
    this.#out = out;
    this.#in = incoming;
    this.remoteAddr = remoteAddr;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#in.read(buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#out.write(bytes);
  }

  closeWrite(): Promise<void> {
    this.#out.end();
    return Promise.resolve();
  }

  close(): void {
    this.#out.end();
    this.#in.abort();
  }
}

/** One direction: a queue of bytes. */
class MemoryPipe {
  readonly #capacity: number;
  #pieces: Uint8Array[] = [];
  #held = 0;
  #ended = false;
  #aborted = false;
  #wake: (() => void)[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#held === 0 && !this.#ended && !this.#aborted) await this.#changed();
    if (this.#aborted) throw new Deno.errors.BadResource("The connection is closed");
    const piece = this.#pieces.shift();
    if (!piece) return null;
    const count = Math.min(piece.length, buffer.length);
    buffer.set(piece.subarray(0, count));
    if (count < piece.length) this.#pieces.unshift(piece.subarray(count));
    this.#held -= count;
    this.#notify();
    return count;
  }

  async write(bytes: Uint8Array): Promise<number> {
    while (this.#held >= this.#capacity && !this.#ended && !this.#aborted) await this.#changed();
    if (this.#ended || this.#aborted) throw new Deno.errors.BrokenPipe("The connection is closed");
    const count = Math.min(bytes.length, this.#capacity - this.#held);
    if (count > 0) this.#pieces.push(bytes.slice(0, count));
    this.#held += count;
    this.#notify();
    return count;
  }

  /** The writer is finished: what it wrote can still be read. */
  end(): void {
    this.#ended = true;
    this.#notify();
  }

  /** The reader is gone. */
  abort(): void {
    this.#aborted = true;
    this.#notify();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #notify(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}

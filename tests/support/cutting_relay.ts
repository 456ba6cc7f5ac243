/** Passes TCP connections on to a server, and cuts the first ones in the middle of what the server says. */
export class CuttingRelay implements AsyncDisposable {
  /** Where it listens. */
  readonly url: string;
  readonly #listener: Deno.TcpListener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #open = new Set<Deno.TcpConn>();
  readonly #accepting: Promise<void>;
  #cuts = 0;

  /** @param cutAfter How many bytes the server may say on the first connection, on the second, and so on. */
  constructor(target: string, cutAfter: readonly number[]) {
    this.url = `http://127.0.0.1:${this.#listener.addr.port}`;
    this.#accepting = this.#accept(new URL(target), cutAfter);
  }

  /** How many connections were cut. */
  get cuts(): number {
    return this.#cuts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) connection.close();
    this.#open.clear();
    await this.#accepting;
  }

  async #accept({ hostname, port }: URL, cutAfter: readonly number[]): Promise<void> {
    const relayed: Promise<void>[] = [];
    let accepted = 0;
    for await (const client of this.#listener) {
      const server = await Deno.connect({ hostname, port: Number(port) });
      this.#open.add(client).add(server);
      const allowed = cutAfter[accepted++] ?? Infinity;
      relayed.push(this.#pass({ from: client, to: server }), this.#pass({ from: server, to: client }, allowed));
    }
    await Promise.all(relayed);
  }

  async #pass({ from, to }: { from: Deno.TcpConn; to: Deno.TcpConn }, allowed = Infinity): Promise<void> {
    const buffer = new Uint8Array(1024);
    let left = allowed;
    try {
      while (left > 0) {
        const read = await from.read(buffer.subarray(0, Math.min(buffer.length, left)));
        if (read === null) break;
        left -= read;
        for (let sent = 0; sent < read;) sent += await to.write(buffer.subarray(sent, read));
      }
      if (left === 0) this.#cuts++;
    } catch {
      // Either side is gone: so is the other, below.
    }
    for (const connection of [from, to]) if (this.#open.delete(connection)) connection.close();
  }
}

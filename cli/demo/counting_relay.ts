/** Bytes that crossed the wire. */
export interface WireBytes {
  /** To the server. */
  readonly up: number;
  /** From the server. */
  readonly down: number;
}

const bufferBytes = 64 * 1024;

/** Passes TCP connections on to a server and counts their bytes both ways: everything there is, headers included. */
export class CountingRelay implements AsyncDisposable {
  /** Where it listens. */
  readonly url: string;
  readonly #listener: Deno.TcpListener;
  readonly #target: Deno.ConnectOptions;
  readonly #open = new Set<Deno.TcpConn>();
  readonly #accepting: Promise<void>;
  #up = 0;
  #down = 0;

  /** @param target Address of the server: `http://127.0.0.1:8080`. */
  constructor(target: string) {
    const { hostname, port } = new URL(target);
    this.#target = { hostname, port: Number(port) };
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.url = `http://127.0.0.1:${this.#listener.addr.port}`;
    this.#accepting = this.#accept();
  }

  /** What crossed so far. */
  get bytes(): WireBytes {
    return { up: this.#up, down: this.#down };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) connection.close();
    this.#open.clear();
    await this.#accepting;
  }

  async #accept(): Promise<void> {
    const relayed: Promise<void>[] = [];
    for await (const client of this.#listener) relayed.push(this.#relay(client));
    await Promise.all(relayed);
  }

  async #relay(client: Deno.TcpConn): Promise<void> {
    this.#open.add(client);
    const server = await Deno.connect(this.#target).catch(() => undefined);
    if (server !== undefined) {
      this.#open.add(server);
      for (const connection of [client, server]) connection.setNoDelay(true);
      await Promise.all([
        this.#pass(client, server, (bytes) => this.#up += bytes),
        this.#pass(server, client, (bytes) => this.#down += bytes),
      ]);
      this.#close(server);
    }
    this.#close(client);
  }

  /** Passes on until the sender has said all, or either side is gone. */
  async #pass(from: Deno.TcpConn, to: Deno.TcpConn, count: (bytes: number) => void): Promise<void> {
    try {
      const buffer = new Uint8Array(bufferBytes);
      for (let read = await from.read(buffer); read !== null; read = await from.read(buffer)) {
        count(read);
        for (let sent = 0; sent < read;) sent += await to.write(buffer.subarray(sent, read));
      }
      await to.closeWrite();
    } catch {
      // A connection that breaks ends both ways; who was waiting is told by that.
      this.#close(from);
      this.#close(to);
    }
  }

  #close(connection: Deno.TcpConn): void {
    if (this.#open.delete(connection)) connection.close();
  }
}

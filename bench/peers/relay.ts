/** A TCP relay on loopback that counts the bytes passing through it. */
export class CountingRelay implements Disposable {
  readonly #listener: Deno.TcpListener;
  readonly #target: number;
  #bytes = 0;

  /**
   * Starts to accept connections.
   *
   * @param target The port on loopback to pass every connection on to.
   */
  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#accept();
  }

  /** The port to connect to. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Bytes of both directions, without the headers of TCP and IP. */
  get bytes(): number {
    return this.#bytes;
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) this.#connect(client);
  }

  async #connect(client: Deno.TcpConn): Promise<void> {
    try {
      using near = client;
      using far = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      near.setNoDelay();
      far.setNoDelay();
      await Promise.all([this.#pass(near, far), this.#pass(far, near)]);
    } catch {
      // One end has gone: the connection is closed on both, and the tool says what it thinks of that.
    }
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(256 * 1024);
    for (let length = await from.read(buffer); length !== null; length = await from.read(buffer)) {
      this.#bytes += length;
      for (let sent = 0; sent < length;) sent += await to.write(buffer.subarray(sent, length));
    }
    await to.closeWrite();
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

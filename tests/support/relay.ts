/** What a {@linkcode Relay} does to the bytes that go through it; every position counts from its start. */
export interface RelayFaults {
  /** Ends the connection over which the client's byte of this position comes, before it is passed on. */
  cutUp?: number | undefined;
  /** Ends the connection over which the server's byte of this position comes, before it is passed on. */
  cutDown?: number | undefined;
  /** Whether everything that comes after a cut is refused too, until it is healed. */
  stayDown?: boolean;
  /** Turns the lowest bit of the server's byte of this position. */
  flipDown?: number | undefined;
  /** Ends the connection when the server answers a request that has this in its head; the answer is lost. */
  loseReplyTo?: string | undefined;
}

/** A way to a server over TCP that counts what goes through and does harm as told. */
export class Relay implements AsyncDisposable {
  /** Where it listens. */
  readonly url: string;
  faults: RelayFaults = {};
  /** Bytes from client to server. */
  up = 0;
  /** Bytes from server to client. */
  down = 0;
  /** How often it did harm. */
  harm = 0;
  readonly #target: URL;
  readonly #listener: Deno.TcpListener;
  readonly #sockets = new Set<Deno.TcpConn>();
  readonly #running = new Set<Promise<void>>();
  readonly #accepting: Promise<void>;
  #watchers: (() => void)[] = [];

  constructor(target: string) {
    this.#target = new URL(target);
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.url = `http://127.0.0.1:${this.#listener.addr.port}`;
    this.#accepting = this.#accept();
  }

  /** Settles once so many bytes went through, both ways together. */
  async passed(bytes: number): Promise<void> {
    while (this.up + this.down <= bytes) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  /** Does no harm any more, and counts from 0 again. */
  heal(): void {
    this.faults = {};
    this.up = this.down = this.harm = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const socket of this.#sockets) close(socket);
    await this.#accepting;
    await Promise.all(this.#running);
  }

  async #accept(): Promise<void> {
    try {
      for await (const client of this.#listener) {
        const run = this.#serve(client).finally(() => this.#running.delete(run));
        this.#running.add(run);
      }
    } catch (cause) {
      if (!(cause instanceof Deno.errors.BadResource || cause instanceof Deno.errors.Interrupted)) throw cause;
    }
  }

  async #serve(client: Deno.TcpConn): Promise<void> {
    if (this.faults.stayDown && this.harm > 0) return close(client);
    const { hostname, port } = this.#target;
    let server: Deno.TcpConn;
    try {
      server = await Deno.connect({ hostname, port: Number(port) });
    } catch {
      return close(client);
    }
    this.#sockets.add(client).add(server);
    const link: Link = { client, server, lost: false };
    await Promise.all([this.#pump(link, "up"), this.#pump(link, "down")]);
    this.#sockets.delete(client);
    this.#sockets.delete(server);
    close(client);
    close(server);
  }

  async #pump(link: Link, direction: "up" | "down"): Promise<void> {
    const [from, to] = direction === "up" ? [link.client, link.server] : [link.server, link.client];
    const buffer = new Uint8Array(64 * 1024);
    try {
      for (let count = await from.read(buffer); count !== null; count = await from.read(buffer)) {
        const piece = this.#harm(link, direction, buffer.subarray(0, count));
        for (let sent = 0; sent < piece.length;) sent += await to.write(piece.subarray(sent));
        if (piece.length < count) break;
      }
    } catch {
      // One of the two is gone: so is the other.
    }
    close(from);
    close(to);
  }

  /** Does to a piece what the faults say; what comes back shorter is followed by the end. */
  #harm(link: Link, direction: "up" | "down", piece: Uint8Array): Uint8Array {
    const { cutUp, cutDown, flipDown, loseReplyTo, stayDown } = this.faults;
    if (stayDown && this.harm > 0) return piece.subarray(0, 0);
    const start = this[direction];
    const within = (position: number | undefined): position is number =>
      position !== undefined && position >= start && position < start + piece.length;
    this[direction] += piece.length;
    for (const wake of this.#watchers.splice(0)) wake();
    if (direction === "up") {
      const told = loseReplyTo !== undefined && new TextDecoder("latin1").decode(piece).includes(loseReplyTo);
      if (told) link.lost = true;
      if (within(cutUp)) return this.#cut(piece, cutUp - start);
      return piece;
    }
    if (link.lost) {
      this.faults.loseReplyTo = undefined;
      return this.#cut(piece, 0);
    }
    if (within(cutDown)) return this.#cut(piece, cutDown - start);
    if (within(flipDown)) {
      piece[flipDown - start]! ^= 1;
      this.harm++;
    }
    return piece;
  }

  #cut(piece: Uint8Array, length: number): Uint8Array {
    this.harm++;
    return piece.subarray(0, length);
  }
}

interface Link {
  readonly client: Deno.TcpConn;
  readonly server: Deno.TcpConn;
  /** Whether the answers of the server are to be lost. */
  lost: boolean;
}

function close(socket: Deno.TcpConn): void {
  try {
    socket.close();
  } catch {
    // It was closed before.
  }
}

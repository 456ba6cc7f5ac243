import {
  type ByteConnection,
  ConnectionHost,
  type HttpHandler,
  type ServerOptions,
  type Ticker,
} from "../../lib/network/mod.ts";

const encoder = new TextEncoder();

/** Bytes of a text in which every character stands for one byte. */
export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Text of some bytes, one character a byte. */
export function fromLatin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** All bytes one by one; of more than 2000, those in the middle in one piece. */
export function bytewise(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at === 1000 ? Math.max(at + 1, bytes.length - 1000) : at + 1;
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

/** Settles when everything that is ready has run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A time that stands still until it is turned. */
export class FakeTicker implements Ticker {
  #now = 0;
  readonly #callbacks = new Set<() => void>();

  now(): number {
    return this.#now;
  }

  every(_intervalMs: number, callback: () => void): Disposable {
    this.#callbacks.add(callback);
    return { [Symbol.dispose]: () => this.#callbacks.delete(callback) };
  }

  /** Lets time pass, and everybody see it. */
  advance(ms: number): void {
    this.#now += ms;
    for (const callback of [...this.#callbacks]) callback();
  }
}

/**
 * A connection whose other side is a script: each read gets one piece. When the script has nothing left and the server
 * waits, or when the server is done, the connection is quiet.
 */
export class ScriptedConnection implements ByteConnection {
  readonly remoteAddr = { hostname: "192.0.2.1", port: 4321 };
  readonly #pieces: Uint8Array[] = [];
  readonly #written: Uint8Array[] = [];
  #peerEnded = false;
  #quiet = Promise.withResolvers<void>();
  #waiting: PromiseWithResolvers<void> | undefined;
  readonly #watchers: (() => void)[] = [];
  /** How many writes there were. */
  writes = 0;
  /** Whether the server has ended its direction. */
  ended = false;
  /** Whether the server has dropped the connection. */
  closed = false;
  /** When set, writes do not settle. */
  stuck = false;

  /** What the server has written. */
  get output(): string {
    return this.#written.map(fromLatin1).join("");
  }

  /** Lets the peer send pieces, and waits until the server has nothing more to do. */
  async send(...pieces: (Uint8Array | string)[]): Promise<void> {
    for (const piece of pieces) this.#pieces.push(typeof piece === "string" ? latin1(piece) : piece);
    await this.#resume();
  }

  /** Lets the peer end its direction, and waits until the server has nothing more to do. */
  async end(): Promise<void> {
    this.#peerEnded = true;
    await this.#resume();
  }

  /** Settles when the server waits for more, or is done. */
  get quiet(): Promise<void> {
    return this.#quiet.promise;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (true) {
      if (this.closed) throw new Deno.errors.BadResource("closed");
      const piece = this.#pieces.shift();
      if (piece) {
        const count = Math.min(piece.length, buffer.length);
        buffer.set(piece.subarray(0, count));
        if (count < piece.length) this.#pieces.unshift(piece.subarray(count));
        return count;
      }
      if (this.#peerEnded) return null;
      this.#waiting = Promise.withResolvers<void>();
      this.#quiet.resolve();
      await this.#waiting.promise;
    }
  }

  async write(bytes: Uint8Array): Promise<number> {
    if (this.closed || this.ended) throw new Deno.errors.BrokenPipe("closed");
    if (this.stuck) {
      this.#quiet.resolve();
      await this.when(() => this.closed);
      throw new Deno.errors.BadResource("closed");
    }
    this.writes++;
    this.#written.push(bytes.slice());
    this.#notify();
    return bytes.length;
  }

  closeWrite(): Promise<void> {
    this.ended = true;
    this.#notify();
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
    this.ended = true;
    this.#waiting?.resolve();
    this.#quiet.resolve();
    this.#notify();
  }

  /** Settles when a condition holds after something was written, or the connection closed. */
  async when(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  #notify(): void {
    for (const resolve of this.#watchers.splice(0)) resolve();
  }

  async #resume(): Promise<void> {
    if (!this.closed) this.#quiet = Promise.withResolvers<void>();
    this.#waiting?.resolve();
    await this.#quiet.promise;
  }
}

/** A server with one scripted connection. */
export interface Scripted extends AsyncDisposable {
  readonly connection: ScriptedConnection;
  readonly host: ConnectionHost;
  readonly ticker: FakeTicker;
  readonly errors: unknown[];
}

/** Serves one scripted connection with a handler, in a time that stands still. */
export function serveScripted(handler: HttpHandler, options: Partial<ServerOptions> = {}): Scripted {
  const ticker = new FakeTicker();
  const errors: unknown[] = [];
  const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5), monotonic: () => 0 };
  const host = new ConnectionHost({ handler, ticker, clock, onError: (error) => errors.push(error), ...options });
  const connection = new ScriptedConnection();
  void host.serve(connection);
  return { connection, host, ticker, errors, [Symbol.asyncDispose]: () => host.shutdown(0) };
}

/** A response as a client reads it. */
export interface ReadResponse {
  readonly status: number;
  /** Fields by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Content without its transfer coding, one character a byte. */
  readonly body: string;
  /** Trailer section as sent. */
  readonly trailers: string;
}

/**
 * Takes what a server wrote apart into responses; throws if it is anything else than complete responses.
 *
 * @param methods Methods of the requests in order; those after the last are taken for GET.
 */
export function readResponses(output: string, methods: readonly string[] = []): ReadResponse[] {
  const responses: ReadResponse[] = [];
  let rest = output;
  let finals = 0;
  while (rest !== "") {
    const headEnd = rest.indexOf("\r\n\r\n");
    const match = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n/.exec(rest);
    if (!match || headEnd < 0) throw new Error(`Not a response: ${JSON.stringify(rest.slice(0, 200))}`);
    const status = Number(match[1]);
    const lines = rest.slice(match[0].length, headEnd).split("\r\n").filter((line) => line !== "");
    const headers = Object.fromEntries(lines.map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
    }));
    rest = rest.slice(headEnd + 4);
    let body = "";
    let trailers = "";
    const bodiless = status < 200 || status === 204 || status === 304 || methods[finals] === "HEAD";
    if (!bodiless) {
      if (headers["transfer-encoding"] === "chunked") [body, trailers, rest] = readChunked(rest);
      else {
        const length = Number(headers["content-length"] ?? rest.length);
        if (rest.length < length) throw new Error(`The body is cut at ${rest.length} of ${length}`);
        [body, rest] = [rest.slice(0, length), rest.slice(length)];
      }
    }
    if (status >= 200) finals++;
    responses.push({ status, headers, body, trailers });
  }
  return responses;
}

function readChunked(text: string): [body: string, trailers: string, rest: string] {
  let body = "";
  let rest = text;
  while (true) {
    const line = /^([0-9a-f]+)\r\n/.exec(rest);
    if (!line) throw new Error(`Not a chunk: ${JSON.stringify(rest.slice(0, 50))}`);
    const size = parseInt(line[1]!, 16);
    rest = rest.slice(line[0].length);
    if (size === 0) {
      const end = rest.startsWith("\r\n") ? 0 : rest.indexOf("\r\n\r\n") + 2;
      return [body, rest.slice(0, end), rest.slice(end + 2)];
    }
    body += rest.slice(0, size);
    rest = rest.slice(size + 2);
  }
}

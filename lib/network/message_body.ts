import { ChunkedDecoder } from "./chunked_decoder.ts";
import type { ConnectionInput } from "./connection_input.ts";
import type { DeadlineSweeper } from "./deadline_sweeper.ts";
import { HttpError } from "./http_error.ts";
import { HttpHeaders } from "./http_headers.ts";
import { bodyBytesPerSecondMin, type HttpLimits } from "./limits.ts";
import { lengthUnknown } from "./message_framing.ts";
import type { BodyReadOptions, HttpRequestBody } from "./types.ts";

/** Length of a body that ends when the connection does (RFC 9112 section 6.3, rule 8); responses only. */
export const lengthUntilClose = -2;

/** What a {@linkcode MessageBody} works with. */
export interface MessageBodyOptions {
  readonly input: ConnectionInput;
  readonly sweeper: DeadlineSweeper;
  /** Bytes of content, `lengthUnknown` for chunked coding, or {@linkcode lengthUntilClose}. */
  readonly length: number;
  readonly limits: Pick<HttpLimits, "bodyBytesMax" | "chunkLineBytesMax" | "trailerBytesMax" | "headerCountMax">;
  /** How long to wait for the next piece. */
  readonly bodyMs: number;
  /** Whether it goes on for as long as either side likes, so that it needs no speed. */
  readonly endless?: boolean;
  /** Called before the first read that has to wait for the other side. */
  readonly onFirstWait?: () => Promise<void>;
  /** Called when the reader has moved past the last byte. */
  readonly onEnd?: () => void;
  /** Called when it turns out that the body cannot be read to its end. */
  readonly onFailure?: (error: HttpError) => void;
}

/** The content of a message, taken off the connection as it is asked for (RFC 9112 sections 6 and 7). */
export class MessageBody implements HttpRequestBody {
  readonly #options: MessageBodyOptions;
  readonly #decoder: ChunkedDecoder | undefined;
  #left: number;
  #max: number;
  #received = 0;
  #waitedMs = 0;
  #waited = false;
  #ended: boolean;
  #failure: HttpError | undefined;

  constructor(options: MessageBodyOptions) {
    this.#options = options;
    this.#max = options.limits.bodyBytesMax;
    this.#left = options.length >= 0 ? options.length : Infinity;
    this.#ended = options.length === 0;
    if (options.length === lengthUnknown) {
      this.#decoder = new ChunkedDecoder({
        lineBytesMax: options.limits.chunkLineBytesMax,
        trailerBytesMax: options.limits.trailerBytesMax,
        trailerCountMax: options.limits.headerCountMax,
      });
    }
  }

  get length(): number | undefined {
    return this.#options.length >= 0 ? this.#options.length : undefined;
  }

  get trailers(): HttpHeaders {
    return this.#decoder?.trailers ?? noTrailers;
  }

  /** Whether all of it was read. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Why it cannot be read to its end, if it cannot. */
  get failure(): HttpError | undefined {
    return this.#failure;
  }

  /** Whether a read had to wait for the other side. */
  get waited(): boolean {
    return this.#waited;
  }

  limit(max: number): void {
    if (this.length !== undefined && this.length > max) throw this.#fail(this.#tooLarge(max));
    this.#max = Math.min(this.#max, max);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    for (let piece = await this.read(); piece; piece = await this.read()) yield piece;
  }

  /**
   * The next piece, a view that is valid until the next call.
   *
   * @returns `undefined` at the end; throws an `HttpError` if the message is malformed, too large or too slow.
   */
  async read(): Promise<Uint8Array | undefined> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#ended) return undefined;
    try {
      const piece = await (this.#decoder ? this.#readChunked(this.#decoder) : this.#readPlain());
      if (!piece) this.#end();
      else if ((this.#received += piece.length) > this.#max) throw this.#tooLarge(this.#max);
      return piece;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  async bytes(options: BodyReadOptions): Promise<Uint8Array<ArrayBuffer>> {
    this.limit(options.max);
    if (this.length === undefined || this.#received > 0) return await this.#gather();
    const target = new Uint8Array(this.length);
    try {
      await this.#readAllInto(target);
    } catch (error) {
      throw this.#fail(error);
    }
    return target;
  }

  async text(options: BodyReadOptions): Promise<string> {
    const bytes = await this.bytes(options);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      throw new HttpError(400, "The body is not UTF-8");
    }
  }

  async json(options: BodyReadOptions): Promise<unknown> {
    const text = await this.text(options);
    try {
      return JSON.parse(text);
    } catch {
      throw new HttpError(400, "The body is not JSON");
    }
  }

  /**
   * Reads and drops what is left.
   *
   * @returns Whether the end was reached within `max` bytes, so that the connection can be used again.
   */
  async discard(max: number): Promise<boolean> {
    if (this.#left !== Infinity && this.#left > max) return false;
    const allowed = this.#received + max;
    try {
      while (await this.read()) if (this.#received > allowed) return false;
      return true;
    } catch {
      return false;
    }
  }

  async #readPlain(): Promise<Uint8Array | undefined> {
    const { input } = this.#options;
    if (this.#left === 0) return undefined;
    if (input.empty && !await this.#fill(this.#left)) {
      if (this.#options.length === lengthUntilClose) return undefined;
      throw cutError();
    }
    const end = Math.min(input.end, input.start + this.#left);
    const piece = input.bytes.subarray(input.start, end);
    this.#left -= piece.length;
    input.takeTo(end);
    return piece;
  }

  async #readChunked(decoder: ChunkedDecoder): Promise<Uint8Array | undefined> {
    const { input } = this.#options;
    while (!decoder.done) {
      if (input.empty && !await this.#fill(Math.max(decoder.chunkBytesLeft, this.#received))) throw cutError();
      input.takeTo(decoder.step(input.bytes, input.start, input.end));
      if (decoder.error) throw new HttpError(decoder.error.status, decoder.error.detail);
      if (decoder.contentEnd > decoder.contentStart) {
        return input.bytes.subarray(decoder.contentStart, decoder.contentEnd);
      }
    }
    return undefined;
  }

  async #readAllInto(target: Uint8Array): Promise<void> {
    const { input } = this.#options;
    while (this.#left > 0) {
      if (input.empty) await this.#beforeWait();
      const rest = target.subarray(target.length - this.#left);
      const before = this.#options.sweeper.now;
      const count = await input.readInto(rest, this.#deadline());
      this.#waitedMs += this.#options.sweeper.now - before;
      if (count === 0) throw cutError();
      this.#left -= count;
      this.#received += count;
    }
    this.#end();
  }

  async #gather(): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of this) {
      pieces.push(piece.slice());
      length += piece.length;
    }
    const all = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }

  async #fill(expected: number): Promise<boolean> {
    await this.#beforeWait();
    const before = this.#options.sweeper.now;
    const filled = await this.#options.input.fill({ expected, deadline: this.#deadline() });
    this.#waitedMs += this.#options.sweeper.now - before;
    return filled;
  }

  async #beforeWait(): Promise<void> {
    if (this.#waited) return;
    this.#waited = true;
    await this.#options.onFirstWait?.();
  }

  /** The next piece must come in time, and all pieces together not too slowly; our own time does not count. */
  #deadline(): number {
    const { sweeper, bodyMs, endless } = this.#options;
    if (endless) return sweeper.now + bodyMs;
    const creditMs = bodyMs + this.#received * 1000 / bodyBytesPerSecondMin - this.#waitedMs;
    return sweeper.now + Math.min(bodyMs, creditMs);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.onEnd?.();
  }

  #fail(error: unknown): HttpError {
    const failure = error instanceof HttpError ? error : cutError(error);
    this.#failure = failure;
    this.#options.onFailure?.(failure);
    return failure;
  }

  #tooLarge(max: number): HttpError {
    return new HttpError(413, `The body is larger than ${max} bytes`);
  }
}

const noTrailers = new HttpHeaders();

function cutError(cause?: unknown): HttpError {
  return new HttpError(400, "The connection ended within the body", { cause });
}

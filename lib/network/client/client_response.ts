import { HttpError } from "../http_error.ts";
import type { HttpHeaders } from "../http_headers.ts";
import type { MessageBody } from "../message_body.ts";
import type { BodyReadOptions } from "../types.ts";
import { HttpClientError } from "./http_client_error.ts";

/** What a {@linkcode ClientResponse} is made of. */
export interface ClientResponseOptions {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly content: MessageBody;
  /** Says what an error of the connection means. */
  readonly explain: (error: unknown) => HttpClientError;
  /** Closes the connection. */
  readonly drop: () => void;
}

/**
 * A reply whose content is read on demand. The connection is free for the next request once the content was read to its
 * end or `discard` was called; do one of them.
 */
export class ClientResponse {
  /** Status of the reply. */
  readonly status: number;
  /** Header fields as received. */
  readonly headers: HttpHeaders;
  readonly #options: ClientResponseOptions;

  /** Made by the client as soon as the head of the reply is there; no content was read yet. */
  constructor(options: ClientResponseOptions) {
    this.status = options.status;
    this.headers = options.headers;
    this.#options = options;
  }

  /** The content, piece by piece; a piece is a view that is valid until the next step. */
  get body(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => this.#pieces() };
  }

  /** Reads all of the content into memory of its own; throws an `HttpClientError` of kind `too_large` past `max`. */
  async bytes(options: BodyReadOptions): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return await this.#options.content.bytes(options);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** Reads all of the content as UTF-8. */
  async text(options: BodyReadOptions): Promise<string> {
    return new TextDecoder().decode(await this.bytes(options));
  }

  /** Reads all of the content as JSON; throws an `HttpClientError` of kind `not_http` if it is none. */
  async json(options: BodyReadOptions): Promise<unknown> {
    const text = await this.text(options);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new HttpClientError("not_http", "The reply is not JSON", { maybeSent: true, cause });
    }
  }

  /** Lets the content go: reads a little that is left, or closes the connection. */
  async discard(): Promise<void> {
    if (!await this.#options.content.discard(discardBytesMax)) this.#options.drop();
  }

  async *#pieces(): AsyncGenerator<Uint8Array, void, void> {
    const { content, drop } = this.#options;
    try {
      for (let piece = await content.read(); piece; piece = await content.read()) yield piece;
    } catch (error) {
      throw this.#explain(error);
    } finally {
      if (!content.ended) drop();
    }
  }

  #explain(error: unknown): HttpClientError {
    this.#options.drop();
    if (error instanceof HttpError && error.status === 413) {
      return new HttpClientError("too_large", "The reply is larger than is accepted", {
        maybeSent: true,
        cause: error,
      });
    }
    return this.#options.explain(error);
  }
}

/** What is rather read and dropped than paid for with a new connection. */
const discardBytesMax = 64 * 1024;

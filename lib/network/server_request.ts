import type { HttpHeaders } from "./http_headers.ts";
import type { MessageBody } from "./message_body.ts";
import type { RequestHead } from "./request_head.ts";
import type { HttpRequest, RemoteAddress } from "./types.ts";

/** What a {@linkcode ServerRequest} is made of. */
export interface ServerRequestOptions {
  readonly head: RequestHead;
  readonly body: MessageBody;
  readonly remoteAddress: RemoteAddress;
  /** Called when somebody wants to know that the peer goes away. */
  readonly onSignalWanted: () => void;
}

/** A request on a connection; what few handlers ask for is made when they do. */
export class ServerRequest implements HttpRequest {
  readonly #options: ServerRequestOptions;
  #query: URLSearchParams | undefined;
  #controller: AbortController | undefined;

  constructor(options: ServerRequestOptions) {
    this.#options = options;
  }

  get method(): string {
    return this.#options.head.method;
  }

  get target(): string {
    return this.#options.head.target;
  }

  get path(): string {
    return this.#options.head.path;
  }

  get query(): URLSearchParams {
    return this.#query ??= new URLSearchParams(this.#options.head.query);
  }

  get headers(): HttpHeaders {
    return this.#options.head.headers;
  }

  get body(): MessageBody {
    return this.#options.body;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      this.#options.onSignalWanted();
    }
    return this.#controller.signal;
  }

  get remoteAddress(): RemoteAddress {
    return this.#options.remoteAddress;
  }

  /** Whether somebody has asked for the signal. */
  get signalWanted(): boolean {
    return this.#controller !== undefined;
  }

  /** Aborts the signal, if anybody has asked for it. */
  abort(reason: unknown): void {
    this.#controller?.abort(reason);
  }
}

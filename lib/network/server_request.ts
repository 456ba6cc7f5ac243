import type { HttpHeaders } from "./http_headers.ts";
import type { MessageBody } from "./message_body.ts";
import type { RequestHead } from "./request_head.ts";
import type { HttpRequest, RemoteAddress } from "./types.ts";

/** The connection as a {@linkcode ServerRequest} sees it. */
export interface RequestSource {
  readonly remoteAddress: RemoteAddress;
  /** Makes the body of a request; called once at most. */
  makeBody(head: RequestHead): MessageBody;
  /** Called when somebody wants to know that the peer goes away. */
  watchPeer(): void;
}

/** A request on a connection; what few handlers ask for is made when they do. */
export class ServerRequest implements HttpRequest {
  readonly #source: RequestSource;
  readonly #head: RequestHead;
  #query: URLSearchParams | undefined;
  #body: MessageBody | undefined;
  #controller: AbortController | undefined;

  constructor(head: RequestHead, source: RequestSource) {
    this.#head = head;
    this.#source = source;
  }

  get method(): string {
    return this.#head.method;
  }

  get target(): string {
    return this.#head.target;
  }

  get path(): string {
    return this.#head.path;
  }

  get query(): URLSearchParams {
    return this.#query ??= new URLSearchParams(this.#head.query);
  }

  get headers(): HttpHeaders {
    return this.#head.headers;
  }

  get body(): MessageBody {
    return this.#body ??= this.#source.makeBody(this.#head);
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      this.#source.watchPeer();
    }
    return this.#controller.signal;
  }

  get remoteAddress(): RemoteAddress {
    return this.#source.remoteAddress;
  }

  /** What the head said. */
  get head(): RequestHead {
    return this.#head;
  }

  /** Whether nothing of the content is left to be read. */
  get bodyEnded(): boolean {
    return this.#head.length === 0 || this.body.ended;
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

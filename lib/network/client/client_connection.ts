import { ConnectionInput } from "../connection_input.ts";
import { ConnectionOutput } from "../connection_output.ts";
import type { DeadlineSweeper, Expiring } from "../deadline_sweeper.ts";
import { HeadParser } from "../head_parser.ts";
import { HeadState, responseHeadTable } from "../head_states.ts";
import { HttpError } from "../http_error.ts";
import { MessageBody } from "../message_body.ts";
import type { ByteConnection } from "../types.ts";
import { ClientResponse } from "./client_response.ts";
import type { ClientTimeouts } from "./client_timeouts.ts";
import { HttpClientError } from "./http_client_error.ts";
import { bodyPieces, type ClientRequest } from "./request_head.ts";
import { readResponseHead, type ResponseHead } from "./response_head.ts";

/** What a {@linkcode ClientConnection} works with. */
export interface ClientConnectionOptions {
  readonly sweeper: DeadlineSweeper;
  readonly timeouts: ClientTimeouts;
  /** Called when the connection can take another request, and when it is over. */
  readonly onFree: (connection: ClientConnection) => void;
}

/** Limits of what a server may send beside the content. */
const replyLimits = {
  lineBytesMax: 8 * 1024,
  headBytesMax: 64 * 1024,
  headerCountMax: 200,
  bodyBytesMax: Infinity,
  chunkLineBytesMax: 256,
  trailerBytesMax: 8 * 1024,
};

/** The client's side of one connection: one request at a time. */
export class ClientConnection implements Expiring {
  readonly #connection: ByteConnection;
  readonly #options: ClientConnectionOptions;
  readonly #input: ConnectionInput;
  readonly #output: ConnectionOutput;
  readonly #parser: HeadParser;
  #reusable = true;
  #sent = false;
  #replyBegun = false;
  #replyHeadRead = false;
  #ended: HttpClientError | undefined;
  #exchanges = 0;
  #freeSince = 0;
  #replyDeadline = Infinity;
  #dropped = false;

  constructor(connection: ByteConnection, options: ClientConnectionOptions) {
    this.#connection = connection;
    this.#options = options;
    const { sweeper } = options;
    this.#input = new ConnectionInput(connection);
    this.#output = new ConnectionOutput(connection, options);
    this.#parser = new HeadParser({
      table: responseHeadTable,
      start: HeadState.Start,
      lineBytesMax: replyLimits.lineBytesMax,
      bytesMax: replyLimits.headBytesMax,
      countMax: replyLimits.headerCountMax,
    });
    sweeper.add(this);
  }

  /** Whether it can take another request. */
  get reusable(): boolean {
    return this.#reusable && !this.#ended;
  }

  /** Whether it has carried a request before. */
  get used(): boolean {
    return this.#exchanges > 1;
  }

  /** Since when nobody uses it, by the sweeper's time. */
  get freeSince(): number {
    return this.#freeSince;
  }

  /** Sends a request and waits for the head of its reply. Throws an {@linkcode HttpClientError}. */
  async exchange(request: ClientRequest, head: string): Promise<ClientResponse> {
    this.#exchanges++;
    this.#replyBegun = false;
    this.#replyHeadRead = false;
    this.#replyDeadline = Infinity;
    const abort = () => this.#giveUp("aborted", "The request was aborted");
    if (request.signal?.aborted) abort();
    request.signal?.addEventListener("abort", abort);
    const done = () => request.signal?.removeEventListener("abort", abort);
    try {
      const reply = await this.#sendAndReceive(request, head);
      return this.#respond(reply, { silenceMs: request.silenceMs, done });
    } catch (error) {
      done();
      const explained = this.#explain(error);
      this.drop();
      throw explained;
    }
  }

  /** Closes the connection; a request under way fails. */
  drop(): void {
    if (this.#dropped) return;
    this.#dropped = true;
    this.#reusable = false;
    this.#options.sweeper.delete(this);
    this.#connection.close();
    this.#options.onFree(this);
  }

  /** Ends what has waited too long. */
  expire(now: number): void {
    if (this.#input.deadline < now || this.#output.deadline < now) this.#giveUp("timeout", "The server is too slow");
  }

  async #sendAndReceive(request: ClientRequest, head: string): Promise<ResponseHead> {
    if (this.#ended) throw this.#ended;
    this.#sent = false;
    // A server may refuse without reading on: then the reply is there while we still write, or writing fails.
    this.#send(request, head).catch(() => this.#reusable = false);
    return await this.#receiveHead(request.method);
  }

  async #send(request: ClientRequest, head: string): Promise<void> {
    await this.#output.writeText(head);
    for (const piece of bodyPieces(request.body)) await this.#output.write(piece);
    await this.#output.flush();
    this.#sent = true;
    this.#replyDeadline = this.#options.sweeper.now + this.#options.timeouts.replyMs;
    if (!this.#replyHeadRead) this.#input.expectBy(this.#replyDeadline);
  }

  /** Reads the head of the final reply; interim ones are passed over (RFC 9110 section 15.2). */
  async #receiveHead(method: string): Promise<ResponseHead> {
    const parser = this.#parser;
    const input = this.#input;
    while (true) {
      while (!parser.done && !parser.error) {
        if (input.empty && !await input.fill({ expected: 0, deadline: this.#replyDeadline })) {
          throw new Deno.errors.UnexpectedEof("The server closed the connection");
        }
        this.#replyBegun = true;
        input.takeTo(input.start + parser.feed(input.bytes, input.start, input.end));
      }
      const head = readResponseHead(parser, method);
      parser.reset();
      if (!head.ok) throw notHttp(head.error.detail);
      if (head.value.status < 200) continue;
      this.#replyHeadRead = true;
      return head.value;
    }
  }

  #respond(
    head: ResponseHead,
    { silenceMs, done }: { readonly silenceMs: number | undefined; readonly done: () => void },
  ): ClientResponse {
    if (!head.keepAlive) this.#reusable = false;
    const free = () => {
      done();
      this.#release();
    };
    const content = new MessageBody({
      input: this.#input,
      sweeper: this.#options.sweeper,
      length: head.length,
      limits: replyLimits,
      bodyMs: silenceMs ?? this.#options.timeouts.bodyMs,
      endless: silenceMs !== undefined,
      onEnd: free,
    });
    if (content.ended) free();
    return new ClientResponse({
      status: head.status,
      headers: head.headers,
      content,
      explain: (error) => this.#explain(error),
      drop: () => {
        done();
        this.drop();
      },
    });
  }

  /** Gives the connection back, or closes it if nothing can follow. */
  #release(): void {
    if (!this.reusable || !this.#sent || !this.#input.empty) return this.drop();
    this.#input.release();
    this.#freeSince = this.#options.sweeper.now;
    this.#options.onFree(this);
  }

  #giveUp(kind: "timeout" | "aborted", message: string): void {
    this.#ended ??= new HttpClientError(kind, message, { maybeSent: this.#output.total > 0 });
    this.#connection.close();
  }

  /** Says what an error of the connection means for the request. */
  #explain(error: unknown): HttpClientError {
    if (this.#ended) return this.#ended;
    if (error instanceof HttpClientError) return error;
    const malformed = error instanceof HttpError && error.cause === undefined && !this.#input.ended;
    if (malformed) return notHttp(error.message);
    const [kind, message] = this.#replyBegun
      ? ["cut_in_reply", "The connection ended within the reply"] as const
      : ["cut_before_reply", "The connection ended before the reply"] as const;
    return new HttpClientError(kind, message, { maybeSent: this.#output.total > 0, cause: error });
  }
}

function notHttp(detail: string): HttpClientError {
  return new HttpClientError("not_http", `The reply is not HTTP: ${detail}`, { maybeSent: true });
}

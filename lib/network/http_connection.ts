import { ConnectionInput } from "./connection_input.ts";
import { ConnectionOutput } from "./connection_output.ts";
import { ConnectionEvent, ConnectionPhase, nextConnectionPhase } from "./connection_phase.ts";
import type { DateCache } from "./date_cache.ts";
import type { DeadlineSweeper, Expiring } from "./deadline_sweeper.ts";
import type { HeadParserOptions } from "./head_parser.ts";
import { HttpError } from "./http_error.ts";
import type { HttpLimits, HttpTimeouts } from "./limits.ts";
import { MessageBody } from "./message_body.ts";
import { problemResponse } from "./problem_response.ts";
import type { ProtocolError } from "./protocol_error.ts";
import type { RequestHead } from "./request_head.ts";
import { RequestReader } from "./request_reader.ts";
import { dropBody, writeResponse } from "./response_writer.ts";
import { type RequestSource, ServerRequest } from "./server_request.ts";
import type { ServerCounters } from "./server_stats.ts";
import type { ByteConnection, HttpHandler, HttpResponse, RemoteAddress } from "./types.ts";

/** What all connections of a server share. */
export interface HttpConnectionOptions {
  readonly handler: HttpHandler;
  readonly limits: HttpLimits;
  /** How heads are read: {@linkcode requestHeadOptions} of the limits. */
  readonly heads: HeadParserOptions;
  readonly timeouts: HttpTimeouts;
  readonly sweeper: DeadlineSweeper;
  readonly date: DateCache;
  readonly counters: ServerCounters;
  /** Told of what a handler threw that is no `HttpError`. */
  readonly onError: (error: unknown) => void;
}

/** Requests answered between two writes when they come pipelined, in bytes of responses. */
const gatheredBytesMax = 8 * 1024;
const continueLine = "HTTP/1.1 100 Continue\r\n\r\n";

/**
 * The server's side of one connection: the only loop that reads requests and writes responses (RFC 9112 section 9).
 *
 * Requests are answered one after the other, in their order; what a peer sends ahead waits in the buffer, and beyond it
 * in the network. Responses to pipelined requests leave together.
 */
export class HttpConnection implements Expiring, RequestSource {
  readonly #connection: ByteConnection;
  readonly #options: HttpConnectionOptions;
  readonly #input: ConnectionInput;
  readonly #output: ConnectionOutput;
  readonly #reader: RequestReader;
  #phase = ConnectionPhase.Idle;
  #headDeadline = Infinity;
  #request: ServerRequest | undefined;
  #responseBegun = false;
  #served = 0;
  #draining = false;
  /** Whether the peer may send more after the last response. */
  #moreMayCome = true;

  constructor(connection: ByteConnection, options: HttpConnectionOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#input = new ConnectionInput(connection);
    this.#output = new ConnectionOutput(connection, options);
    this.#reader = new RequestReader(options.heads);
  }

  get remoteAddress(): RemoteAddress {
    return this.#connection.remoteAddr;
  }

  /** Serves the connection to its end; never rejects. */
  async run(): Promise<void> {
    const { counters } = this.#options;
    counters.connections++;
    counters.connectionsOpen++;
    try {
      await this.#serve();
      if (this.#phase === ConnectionPhase.Lingering && (this.#moreMayCome || !this.#input.empty)) await this.#linger();
    } catch (error) {
      this.#request?.abort(error);
    } finally {
      this.close();
      this.#input.dispose();
      counters.connectionsOpen--;
    }
  }

  /**
   * Ends the connection after the request it is answering; at once, if there is none.
   *
   * @param options `spareFirst`: a connection that has not been asked anything yet may be asked once.
   */
  drain(options: { readonly spareFirst?: boolean } = {}): void {
    this.#draining = true;
    if (options.spareFirst && this.#served === 0) return;
    if (this.#phase === ConnectionPhase.Idle && this.#input.deadline < Infinity) this.close();
  }

  /** Drops the connection. */
  close(): void {
    this.#advance(ConnectionEvent.Close);
    this.#connection.close();
    this.#request?.abort(new Deno.errors.ConnectionAborted("The server has closed the connection"));
  }

  /** Ends what has waited too long: without a word if idle, with 408 if a request has begun (RFC 9110 section 15.5.9). */
  expire(now: number): void {
    if (this.#output.deadline < now) this.#dropSlow();
    else if (this.#input.deadline >= now) return;
    else if (this.#phase === ConnectionPhase.Idle || this.#phase === ConnectionPhase.Lingering) this.close();
    else if (this.#responseBegun) this.#dropSlow();
    else void this.#refuseSlow();
  }

  /**
   * Reads and answers until no further request may come: the peer has closed, a response was the last, or the connection
   * was drained; all responses have been written then. What every request waits for is awaited here, without a function
   * of its own and its promise, and only if there is something to wait for.
   */
  async #serve(): Promise<void> {
    const input = this.#input;
    const output = this.#output;
    while (true) {
      const over = this.#takeHead();
      if (over) {
        const kept = this.#answer();
        if (kept instanceof Promise ? await kept : kept) continue;
      }
      if (output.pending > 0) {
        const rest = output.wrote(await output.beginFlush());
        if (rest) await rest;
      }
      const drained = this.#draining && this.#served > 0 && this.#phase === ConnectionPhase.Idle;
      if (over || drained) return;
      const deadline = this.#waitDeadline();
      const more = input.filling || input.ended
        ? await input.fill({ expected: 0, deadline })
        : input.arrived(await input.wait(deadline));
      if (!more || this.#phase === ConnectionPhase.Closed) return;
    }
  }

  /** Gives the reader what has come; says whether a head is complete or refused. */
  #takeHead(): boolean {
    const reader = this.#reader;
    const input = this.#input;
    if (input.empty) return false;
    input.takeTo(input.start + reader.feed(input.bytes, input.start, input.end));
    const { over } = reader;
    if (this.#phase === ConnectionPhase.Idle && (over || reader.begun)) {
      if (!over) this.#headDeadline = this.#options.sweeper.now + this.#options.timeouts.headMs;
      this.#advance(ConnectionEvent.Bytes);
    }
    if (over) this.#advance(ConnectionEvent.Request);
    return over;
  }

  #waitDeadline(): number {
    if (this.#phase === ConnectionPhase.Head) return this.#headDeadline;
    const { idleMs, headMs } = this.#options.timeouts;
    return this.#options.sweeper.now + (this.#served === 0 ? headMs : idleMs);
  }

  /** Answers the request whose head was read; says whether another may follow. */
  #answer(): boolean | Promise<boolean> {
    const head = this.#reader.take();
    if (!head.ok) return this.#refuse(head.error, this.#reader.method);
    const { bodyBytesMax } = this.#options.limits;
    if (head.value.length > bodyBytesMax) {
      return this.#refuse({ status: 413, detail: `The body is larger than ${bodyBytesMax} bytes` }, head.value.method);
    }
    const request = new ServerRequest(head.value, this);
    this.#request = request;
    this.#moreMayCome = head.value.keepAlive;
    this.#options.counters.requests++;
    this.#served++;
    let response: HttpResponse | Promise<HttpResponse>;
    try {
      response = this.#options.handler(request);
    } catch (error) {
      response = this.#respondToError(error);
    }
    if (response instanceof Promise || head.value.length !== 0) return this.#finish(request, response);
    const kept = this.#write(request, response);
    if (kept instanceof Promise || this.#output.pending > gatheredBytesMax) return this.#flushAndEnd(kept);
    return this.#end(kept);
  }

  makeBody(head: RequestHead): MessageBody {
    const { limits, sweeper, timeouts } = this.#options;
    return new MessageBody({
      input: this.#input,
      sweeper,
      length: head.length,
      limits,
      bodyMs: timeouts.bodyMs,
      onFirstWait: () => this.#beforeBody(head),
      onEnd: () => this.watchPeer(),
      onFailure: (error) => this.#request?.abort(error),
    });
  }

  /** Answers with the body and the handler still at work. */
  async #finish(request: ServerRequest, response: HttpResponse | Promise<HttpResponse>): Promise<boolean> {
    let settled: HttpResponse;
    try {
      settled = await response;
    } catch (error) {
      settled = this.#respondToError(error);
    }
    this.#input.unwatch();
    if (this.#phase === ConnectionPhase.Closed) {
      dropBody(settled.body);
      return false;
    }
    const kept = await this.#write(request, settled);
    if (request.bodyEnded) return this.#end(kept);
    await this.#output.flush();
    this.#moreMayCome = true;
    return this.#end(kept && await request.body.discard(this.#options.limits.unreadBodyBytesMax));
  }

  /** Writes the response; what cannot be written as it is becomes a 500. */
  #write(request: ServerRequest, response: HttpResponse): boolean | Promise<boolean> {
    const { method, minor } = request.head;
    const options = {
      output: this.#output,
      method,
      minor,
      keepAlive: this.#mayKeep(request),
      date: this.#options.date.text,
    };
    this.#responseBegun = true;
    try {
      const kept = writeResponse(response, options);
      return kept instanceof Promise ? kept.catch((error) => this.#failWithin(error)) : kept;
    } catch (error) {
      dropBody(response.body);
      return writeResponse(this.#respondToError(error), options);
    }
  }

  #mayKeep(request: ServerRequest): boolean {
    const { head } = request;
    if (!head.keepAlive || this.#draining || this.#served >= this.#options.limits.requestsPerConnectionMax) {
      return false;
    }
    if (request.bodyEnded) return true;
    const { body } = request;
    // A client that waits for 100 Continue and gets a final status may send the body or not: nobody can tell.
    return body.failure === undefined && (body.waited || !head.expectsContinue) &&
      (body.length ?? 0) <= this.#options.limits.unreadBodyBytesMax;
  }

  /**
   * A body failed while the response was on its way: nothing can be said any more, so the connection is cut. What the
   * peer brought about, by going away or by a request whose content cannot be read to its end, is nobody's mistake here.
   */
  #failWithin(error: unknown): never {
    const isPeers = isGone(error) || error instanceof HttpError;
    if (this.#phase !== ConnectionPhase.Closed && !isPeers) this.#report(error);
    throw error;
  }

  #respondToError(error: unknown): HttpResponse {
    if (!(error instanceof HttpError)) this.#report(error);
    return problemResponse(error);
  }

  #report(error: unknown): void {
    this.#options.counters.errors++;
    this.#options.onError(error);
  }

  async #flushAndEnd(kept: boolean | Promise<boolean>): Promise<boolean> {
    const keep = await kept;
    await this.#output.flush();
    return this.#end(keep);
  }

  #end(kept: boolean): boolean {
    this.#request = undefined;
    this.#responseBegun = false;
    this.#advance(kept ? ConnectionEvent.Answered : ConnectionEvent.Last);
    return kept;
  }

  /** Refuses what is no request, or one that no handler shall see; nothing that follows it is taken for a request. */
  async #refuse(error: ProtocolError, method: string): Promise<boolean> {
    this.#options.counters.rejects++;
    this.#moreMayCome = true;
    await this.#writeRefusal(new HttpError(error.status, error.detail), method);
    return this.#end(false);
  }

  async #writeRefusal(error: HttpError, method: string): Promise<void> {
    const date = this.#options.date.text;
    await writeResponse(problemResponse(error), { output: this.#output, method, minor: 1, keepAlive: false, date });
  }

  async #refuseSlow(): Promise<void> {
    this.#options.counters.timeouts++;
    this.#advance(ConnectionEvent.Close);
    try {
      const method = this.#request?.method ?? this.#reader.method;
      await this.#writeRefusal(new HttpError(408, "The request came too slowly"), method);
      await this.#output.flush();
    } catch {
      // The peer is gone, which is what the refusal would have come to.
    } finally {
      this.close();
    }
  }

  #dropSlow(): void {
    this.#options.counters.timeouts++;
    this.close();
  }

  /** Sends `100 Continue` if the client waits for it and no final status was sent (RFC 9110 section 10.1.1). */
  async #beforeBody(head: RequestHead): Promise<void> {
    if (this.#responseBegun) return;
    if (head.expectsContinue) await this.#output.writeText(continueLine);
    await this.#output.flush();
  }

  /** Reads ahead once somebody wants to know of the peer's going, and the body is out of the way. */
  watchPeer(): void {
    const request = this.#request;
    if (request?.signalWanted && request.bodyEnded) {
      void this.#input.watch(() => this.#request?.abort(new Deno.errors.ConnectionReset("The peer has gone away")));
    }
  }

  /** Reads and drops what the peer still sends, so that it can read our last words before a reset (RFC 9112 9.6). */
  async #linger(): Promise<void> {
    await this.#connection.closeWrite();
    const deadline = this.#options.sweeper.now + this.#options.timeouts.lingerMs;
    do this.#input.takeTo(this.#input.end); while (await this.#input.fill({ expected: 0, deadline }));
  }

  #advance(event: ConnectionEvent): void {
    this.#phase = nextConnectionPhase(this.#phase, event);
  }
}

/** Says whether an error of the platform only means that the connection is no more. */
function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted || error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted || error instanceof Deno.errors.UnexpectedEof;
}

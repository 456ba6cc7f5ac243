import type { ServerSentEventMessage } from "@std/http";
import { formatEvent } from "./format_event.ts";
import type { HttpRequest, HttpResponse } from "./types.ts";

/** Options of {@linkcode eventStream}. */
export interface EventStreamOptions {
  /** After how long without an event a comment is sent, so that a lost peer is noticed; 15 s unless given. */
  readonly heartbeatMs?: number;
  /** Further header fields. */
  readonly headers?: Readonly<Record<string, string>>;
}

const heartbeatMsDefault = 15_000;
const heartbeat: string = formatEvent({ comment: "" });
/** Messages that are there already leave together, up to about so many UTF-16 units. */
const batchUnitsMax = 16 * 1024;
const encoder = new TextEncoder();

/**
 * Answers with server-sent events (WHATWG HTML section 9.2). The stream ends when the events do, or when the client goes
 * away; then `return` is called on the events. A client that comes back names the last event that it saw in the field
 * `Last-Event-ID`.
 *
 * @param events Messages as they happen.
 */
export function eventStream(
  request: HttpRequest,
  events: AsyncIterable<ServerSentEventMessage>,
  options: EventStreamOptions = {},
): HttpResponse {
  const heartbeatMs = options.heartbeatMs ?? heartbeatMsDefault;
  return {
    status: 200,
    headers: {
      ...options.headers,
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-cache, no-transform",
      "X-Accel-Buffering": "no",
    },
    body: new EventPieces(events[Symbol.asyncIterator](), { signal: request.signal, heartbeatMs }),
  };
}

type Step = IteratorResult<ServerSentEventMessage, unknown>;
type Piece = IteratorResult<Uint8Array, undefined>;

/** Events on their way as bytes. It ends with the signal, whatever the events are waiting for. */
class EventPieces implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #events: AsyncIterator<ServerSentEventMessage>;
  readonly #signal: AbortSignal;
  readonly #heartbeatMs: number;
  readonly #onAbort = () => this.#wake?.("gone");
  #wake: ((why: "beat" | "gone") => void) | undefined;
  #next: Promise<Step> | undefined;
  #ended = false;

  constructor(
    events: AsyncIterator<ServerSentEventMessage>,
    options: { readonly signal: AbortSignal; readonly heartbeatMs: number },
  ) {
    this.#events = events;
    this.#signal = options.signal;
    this.#heartbeatMs = options.heartbeatMs;
    this.#signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  async next(): Promise<Piece> {
    if (this.#ended || this.#signal.aborted) return this.#end();
    this.#next ??= this.#events.next();
    let step: Step | "later" | "beat" | "gone";
    try {
      step = await Promise.race([this.#next, later]);
      if (step === "later") step = await this.#wait(this.#next);
      if (step === "beat") return { done: false, value: encoder.encode(heartbeat) };
      if (step === "gone" || step.done) return this.#end();
      return { done: false, value: encoder.encode(await this.#gather(formatEvent(step.value))) };
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  return(): Promise<Piece> {
    return Promise.resolve(this.#end());
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Adds to a text what is there already; the first event that is not, or fails, is left for later. */
  async #gather(first: string): Promise<string> {
    let text = first;
    while (text.length < batchUnitsMax) {
      this.#next = this.#events.next();
      // Raced as it is: a promise derived from it would always come later.
      const step = await Promise.race([this.#next, later]).catch(() => "later" as const);
      if (step === "later" || step.done) return text;
      text += formatEvent(step.value);
    }
    this.#next = undefined;
    return text;
  }

  async #wait(next: Promise<Step>): Promise<Step | "beat" | "gone"> {
    // Made anew each time: a promise that is raced for ever remembers every race.
    const { promise, resolve } = Promise.withResolvers<"beat" | "gone">();
    this.#wake = resolve;
    if (this.#signal.aborted) resolve("gone");
    const timer = setTimeout(resolve, this.#heartbeatMs, "beat");
    try {
      return await Promise.race([next, promise]);
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
    }
  }

  #end(): Piece {
    if (!this.#ended) {
      this.#ended = true;
      this.#signal.removeEventListener("abort", this.#onAbort);
      this.#next?.catch(() => {});
      void this.#events.return?.();
    }
    return { done: true, value: undefined };
  }
}

/** Loses every race against what is there already. */
const later: Promise<"later"> = Promise.resolve("later");

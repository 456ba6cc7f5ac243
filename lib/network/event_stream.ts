import { type ServerSentEventMessage, ServerSentEventStream } from "@std/http";
import type { HttpRequest, HttpResponse } from "./types.ts";

/** Options of {@linkcode eventStream}. */
export interface EventStreamOptions {
  /** After how long without an event a comment is sent, so that a lost peer is noticed; 15 s unless given. */
  readonly heartbeatMs?: number;
  /** Further header fields. */
  readonly headers?: Readonly<Record<string, string>>;
}

const heartbeatMsDefault = 15_000;
const heartbeat: ServerSentEventMessage = { comment: "" };

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
  const messages = withHeartbeat(events, request.signal, options.heartbeatMs ?? heartbeatMsDefault);
  return {
    status: 200,
    headers: {
      ...options.headers,
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-cache, no-transform",
      "X-Accel-Buffering": "no",
    },
    body: ReadableStream.from(messages).pipeThrough(new ServerSentEventStream()),
  };
}

/** Ends with the signal, whatever the events are waiting for. */
async function* withHeartbeat(
  events: AsyncIterable<ServerSentEventMessage>,
  signal: AbortSignal,
  heartbeatMs: number,
): AsyncGenerator<ServerSentEventMessage, void, void> {
  const iterator = events[Symbol.asyncIterator]();
  const gone = Promise.withResolvers<"gone">();
  const onAbort = () => gone.resolve("gone");
  signal.addEventListener("abort", onAbort, { once: true });
  let next = iterator.next();
  try {
    while (!signal.aborted) {
      const beat = Promise.withResolvers<"beat">();
      const timer = setTimeout(beat.resolve, heartbeatMs, "beat");
      const step = await Promise.race([next, beat.promise, gone.promise]);
      clearTimeout(timer);
      if (step === "gone") return;
      if (step === "beat") yield heartbeat;
      else if (step.done) return;
      else {
        yield step.value;
        next = iterator.next();
      }
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    next.catch(() => {});
    void iterator.return?.();
  }
}

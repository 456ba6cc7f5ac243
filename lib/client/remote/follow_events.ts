import { err, Failure, type Result } from "../../core/mod.ts";
import { type AnyEvent, eventFromJson, feedDroppedEvent, feedGapEvent } from "../../events/mod.ts";
import {
  type ClientResponse,
  EventStreamError,
  type HttpClient,
  HttpClientError,
  readEventStream,
  type ReceivedEvent,
} from "../../network/client/mod.ts";
import { explainStatus } from "./explain_status.ts";
import { BusyError, explainBreak, type RetryOptions, withRetries } from "./retry.ts";

/** What {@linkcode followEvents} asks for, and how. */
export interface FollowOptions {
  /** Address of the server, for messages. */
  readonly origin: string;
  /** Types and groups of events; all unless told. */
  readonly types?: readonly string[];
  /** The space whose events are wanted; all unless told. */
  readonly space?: string | undefined;
  /** The `Last-Event-ID` to resume behind; empty for everything that the server holds, `undefined` for what comes next. */
  readonly since?: string | undefined;
  /** Whether to wait for what comes next, over every break of the connection. */
  readonly follow: boolean;
  /** How to wait between attempts; how often does not matter while following. */
  readonly retry: RetryOptions;
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** Called whenever the feed can be read: at first, and again after each break. */
  readonly opened?: () => void;
}

/**
 * What a follower is told: an event; that the server no longer holds some it should have been given; that the connection
 * broke and is being made anew.
 */
export type FollowedItem =
  | { readonly kind: "event"; readonly event: AnyEvent }
  | { readonly kind: "gap" }
  | { readonly kind: "broken"; readonly reason: string };

/** How long to wait before connecting again, unless the server says, and the most it grows to, in milliseconds. */
const reconnectMs = { first: 2000, max: 30_000 };
/** How long the server may be silent, in milliseconds: three of its heartbeats. */
const silenceMsMax = 45_000;
/** The longest refusal that is read, in bytes. */
const refusalBytesMax = 64 * 1024;

/**
 * Reads the live feed of a server. After a break it asks for what came since the last id it saw, so that no event is
 * missing and none comes twice.
 *
 * @throws {Failure} if the server refuses, or cannot be reached at first.
 */
export async function* followEvents(http: HttpClient, options: FollowOptions): AsyncGenerator<FollowedItem, void> {
  const { origin, follow, retry, signal } = options;
  const place: Place = { lastEventId: options.since, retryMs: reconnectMs.first };
  let response: ClientResponse | undefined = await withRetries(() => connect(http, options, place), {
    ...retry,
    origin,
    reached: false,
  });
  for (let failures = 0;; failures++) {
    let reason = "The server ended it";
    try {
      response ??= await connect(http, options, place);
      failures = 0;
      options.opened?.();
      yield* itemsOf(response, place);
    } catch (cause) {
      if (signal?.aborted) return;
      if (!isPassing(cause)) throw cause;
      if (!follow) throw cause instanceof HttpClientError ? explainBreak(cause, origin) : cause;
      reason = cause.message;
    }
    response = undefined;
    if (!follow || signal?.aborted) return;
    // From here on nothing may be left out, even if no event has come yet.
    place.lastEventId ??= "";
    if (failures === 0) yield { kind: "broken", reason };
    const waitMs = Math.min(place.retryMs * 2 ** failures, reconnectMs.max);
    await unlessAborted(retry.wait(waitMs * (0.75 + retry.random() / 2)), signal);
    if (signal?.aborted) return;
  }
}

/** Where a follower stands. */
interface Place {
  lastEventId: string | undefined;
  retryMs: number;
}

async function connect(http: HttpClient, options: FollowOptions, place: Place): Promise<ClientResponse> {
  const { types = [], space, follow, signal, origin } = options;
  const query = new URLSearchParams(types.map((type) => ["type", type]));
  if (space !== undefined) query.set("space", space);
  if (!follow) query.set("follow", "false");
  if (place.lastEventId === "") query.set("since", "");
  const path = query.size === 0 ? "/api/events" : `/api/events?${query}`;
  const resume = place.lastEventId ? { "last-event-id": place.lastEventId } : {};
  const response = await http.request({
    method: "GET",
    path,
    headers: { accept: "text/event-stream", ...resume },
    silenceMs: silenceMsMax,
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.status === 200 && response.headers.get("content-type") === "text/event-stream") return response;
  const data = await response.json({ max: refusalBytesMax }).catch(() => undefined);
  const failure = explainStatus({ status: response.status, data }, origin);
  throw response.status === 503 ? new BusyError(failure.message) : failure;
}

/** Whether to try again: the connection broke, or the server has no room now, or something stands in for it. */
function isPassing(cause: unknown): cause is Error {
  if (cause instanceof Failure) return cause.kind === "unreachable";
  return cause instanceof HttpClientError || cause instanceof BusyError || cause instanceof EventStreamError;
}

async function* itemsOf(response: ClientResponse, place: Place): AsyncGenerator<FollowedItem, void> {
  for await (const block of readEventStream(response.body)) {
    if (block.id !== undefined && block.id !== "") place.lastEventId = block.id;
    if (block.retry !== undefined) place.retryMs = Math.min(block.retry, reconnectMs.max);
    if (block.event === feedDroppedEvent) return;
    if (block.event === feedGapEvent) yield { kind: "gap" };
    else if (block.data !== undefined) {
      const event = readEvent(block);
      // One that a newer server knows and this program does not.
      if (event.ok) yield { kind: "event", event: event.value };
    }
  }
}

function readEvent({ data = "" }: ReceivedEvent): Result<AnyEvent, string> {
  try {
    return eventFromJson(JSON.parse(data));
  } catch {
    return err("Not JSON");
  }
}

/** Waits for a promise, or until the signal says that nobody waits any more. */
async function unlessAborted(done: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  signal?.addEventListener("abort", end);
  try {
    await Promise.race([done, aborted]);
  } finally {
    signal?.removeEventListener("abort", end);
  }
}

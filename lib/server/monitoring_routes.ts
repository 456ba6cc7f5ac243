import {
  type EventPattern,
  type FeedError,
  type FeedRequest,
  feedTypes,
  matchesPattern,
  parseEventPattern,
  prometheusMediaType,
  type SyncOverview,
} from "../events/mod.ts";
import type { Result } from "../core/mod.ts";
import { eventStream, HttpError, type HttpRequest, json, type Router, text } from "../network/mod.ts";
import type { ServerSentEventMessage } from "@std/http";
import { spaceName } from "./request_values.ts";

/** What tells how the server is doing. */
export interface Monitoring {
  /** The metrics, in the text format of Prometheus. */
  metrics(): string;
  /** The state of all synchronization. */
  overview(): SyncOverview;
  /** Opens the feed of events for one reader. */
  openFeed(request: FeedRequest): Result<AsyncIterable<ServerSentEventMessage>, FeedError>;
  /** Whether an answer may go on for ever; a server of one connection at a time could serve nobody else. */
  readonly follows: boolean;
}

/** After how long without a word the stream itself speaks; the feed has a shorter heartbeat of its own. */
const heartbeatMs = 60_000;

/**
 * Adds what tells how the server is doing:
 *
 * - `GET /metrics`: for Prometheus.
 * - `GET /api/sync/overview`: spaces, sessions and replicas, as JSON.
 * - `GET /api/events`: events as they happen, as server-sent events. `?type=file.*` (repeatable) and `?space=` choose;
 *   `Last-Event-ID`, or `?since=`, resumes behind an id, an empty one at the oldest event that is held; `?follow=false`
 *   ends when all that is held was given.
 */
export function addMonitoringRoutes(router: Router, monitoring: Monitoring): void {
  router.get("/metrics", () => text(monitoring.metrics(), { headers: { "Content-Type": prometheusMediaType } }));

  router.get("/api/sync/overview", () => json(monitoring.overview()));

  router.get("/api/events", (request) => {
    const wanted = feedRequest(request);
    if (wanted.follow && !monitoring.follows) {
      throw new HttpError(501, "This server serves one connection at a time and cannot follow events", {
        extensions: { hint: "Ask with ?follow=false, or start the server with --server async" },
      });
    }
    const opened = monitoring.openFeed(wanted);
    if (!opened.ok) throw feedProblem(opened.error);
    return eventStream(request, opened.value, { heartbeatMs });
  });
}

/** What a request asks of the feed; throws a 400 for what makes no sense. */
function feedRequest(request: HttpRequest): FeedRequest {
  const { query, headers, signal } = request;
  const types = query.getAll("type");
  const space = query.get("space");
  // Who reconnects sends the field, and still has in the address what it began with.
  const lastEventId = headers.get("last-event-id") ?? query.get("since");
  return {
    follow: followInQuery(query.get("follow")),
    signal,
    ...(types.length === 0 ? {} : { patterns: types.map(eventPattern) }),
    ...(space === null ? {} : { space: spaceName(space) }),
    ...(lastEventId === null || lastEventId === undefined ? {} : { lastEventId }),
  };
}

function followInQuery(text: string | null): boolean {
  if (text === null || text === "true") return true;
  if (text === "false") return false;
  throw new HttpError(400, `The query takes follow=true or follow=false, got ${JSON.stringify(text)}`);
}

function eventPattern(text: string): EventPattern {
  const pattern = parseEventPattern(text);
  const carried = pattern !== undefined && feedTypes.some((type) => matchesPattern(pattern, type));
  if (carried) return pattern;
  const detail = pattern === undefined
    ? `No event has the type ${JSON.stringify(text)}`
    : `Events of the type ${JSON.stringify(text)} are only counted, under /metrics`;
  throw new HttpError(400, detail, {
    extensions: { hint: "Write * for all, GROUP.* for a group, or one of the types", types: feedTypes },
  });
}

function feedProblem(error: FeedError): HttpError {
  switch (error.kind) {
    case "bad_last_event_id":
      return new HttpError(400, error.message);
    case "too_many_readers":
    case "stopped":
      return new HttpError(503, error.message, { headers: { "Retry-After": "5" } });
  }
}

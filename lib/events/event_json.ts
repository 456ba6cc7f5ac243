import { err, ok, type Result } from "../core/mod.ts";
import { eventProblem, fieldsOf, isEvent, isRecord } from "./event_check.ts";
import { isEventType } from "./event_pattern.ts";
import type { AnyEvent, DfsEvent, EventType } from "./event_types.ts";

/** An event as it is written: in the log, in the audit journal and in the live feed. */
export interface EventJson {
  /** What happened. */
  readonly type: EventType;
  /** With `origin` it names the event. */
  readonly id: number;
  /** RFC 3339, in UTC, to the millisecond. */
  readonly time: string;
  /** Name of the bus that made it. */
  readonly origin: string;
  /** The fields of the type. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Writes an event as JSON data, its fields in the order of the table of events.
 *
 * @example
 * ```ts
 * import { eventFromJson, eventToJson } from "./event_json.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const json = eventToJson({ type: "sync.failed", id: 3, time: 0, origin: "main", detail: { space: "s", error: "x" } });
 * assertEquals(json.time, "1970-01-01T00:00:00.000Z");
 * assertEquals(eventFromJson(json).ok, true);
 * ```
 */
export function eventToJson(event: DfsEvent): EventJson {
  const { type, id, time, origin } = event;
  return { type, id, time: new Date(time).toISOString(), origin, detail: knownFields(type, { ...event.detail }) };
}

/**
 * Reads an event from JSON data. Fields that this version does not know are left out.
 *
 * @returns The event; or one sentence that says what is wrong.
 */
export function eventFromJson(json: unknown): Result<AnyEvent, string> {
  if (!isRecord(json)) return err("An event is an object");
  const { type, id, origin, detail } = json;
  const time = typeof json["time"] === "string" ? Date.parse(json["time"]) : NaN;
  if (Number.isNaN(time)) return err(`Not a time: ${JSON.stringify(json["time"])}`);
  const known = typeof type === "string" && isEventType(type) && isRecord(detail) ? knownFields(type, detail) : detail;
  const event: unknown = { type, id, time, origin, detail: known };
  return isEvent(event) ? ok(event) : err(eventProblem(event) ?? "Not an event");
}

function knownFields(type: EventType, detail: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known: Record<string, unknown> = {};
  for (const name in fieldsOf(type)) {
    if (Object.hasOwn(detail, name) && detail[name] !== undefined) known[name] = detail[name];
  }
  return known;
}

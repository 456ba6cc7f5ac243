import { type AnyEvent, type EventType, eventTypes } from "./event_types.ts";

/** What stands before the dot in each text of a union: of `"file.added" | "sync.failed"`, `"file" | "sync"`. */
export type GroupOf<T> = T extends `${infer Group}.${string}` ? Group : never;

/** The first part of an event type: `file`, `sync`, `storage`. */
export type EventGroup = GroupOf<EventType>;

/** What can be subscribed to: one type, all of a group (`file.*`), or everything (`*`). */
export type EventPattern = EventType | `${EventGroup}.*` | "*";

/** The types of events that a pattern names. */
export type TypesOf<P extends EventPattern> = P extends "*" ? EventType
  : P extends EventType ? P
  : P extends `${infer G}.*` ? Extract<EventType, `${G}.${string}`>
  : never;

/** The events a pattern lets through. */
export type Matching<P extends EventPattern> = Extract<AnyEvent, { type: TypesOf<P> }>;

/** Every type of event, in the order of the table. */
export const allEventTypes: readonly EventType[] = Object.freeze(Object.keys(eventTypes).filter(isEventType));

/** Says whether a text is a type of event. */
export function isEventType(text: string): text is EventType {
  return Object.hasOwn(eventTypes, text);
}

/** Says whether a pattern lets events of a type through. */
export function matchesPattern(pattern: EventPattern, type: EventType): boolean {
  return pattern === "*" || pattern === type || (pattern.endsWith(".*") && type.startsWith(pattern.slice(0, -1)));
}

/**
 * Reads a pattern as people write it.
 *
 * @returns The pattern, or `undefined` if it matches no type of event.
 *
 * @example
 * ```ts
 * import { parseEventPattern } from "./event_pattern.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseEventPattern("file.*"), "file.*");
 * assertEquals(parseEventPattern("files.*"), undefined);
 * ```
 */
export function parseEventPattern(text: string): EventPattern | undefined {
  return isEventPattern(text) ? text : undefined;
}

function isEventPattern(text: string): text is EventPattern {
  if (text === "*" || isEventType(text)) return true;
  return /^[a-z]+\.\*$/.test(text) && allEventTypes.some((type) => type.startsWith(text.slice(0, -1)));
}

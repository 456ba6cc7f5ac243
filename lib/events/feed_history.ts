import { Failure } from "../core/mod.ts";
import { eventFromJson } from "./event_json.ts";
import type { AnyEvent } from "./event_types.ts";

/** What a journal of the live feed leaves to the next one: its last events, and what was before them. */
export interface FeedHistory {
  /** Of each origin the id of its last event. */
  readonly newest: readonly (readonly [origin: string, id: number])[];
  /** Of each origin that events are no longer held of, the id of the last of these. */
  readonly forgotten: readonly (readonly [origin: string, id: number])[];
  /** Origins of which nothing else is told any more: all of them ended before the others began. */
  readonly dropped: readonly string[];
  /** Which events there are, in order: so many of an origin, with ids that follow one another. */
  readonly runs: readonly (readonly [origin: string, firstId: number, count: number])[];
  /** All of them, each as JSON text. */
  readonly events: readonly string[];
}

/** Reads an event of a history. @throws {Failure} kind `corrupt` if it is none. */
export function historyEvent(text: string): AnyEvent {
  const event = eventFromJson(JSON.parse(text));
  if (event.ok) return event.value;
  throw new Failure("corrupt", `The history of the live feed holds something else than events: ${event.error}`);
}

import type { DfsEvent, EventMap, EventType } from "./event_types.ts";

/** What an {@linkcode EventBatch} is made of. */
export interface EventBatchParts<T extends EventType> {
  /** The type of all its events. */
  readonly type: T;
  /** The id of the first; those of the others follow without a hole. */
  readonly firstId: number;
  /** How many there are; at least one. */
  readonly count: number;
  /** When they happened, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly time: number;
  /** Name of the bus they belong to. */
  readonly origin: string;
  /** Makes the payload of one of them, by its place from 0. */
  readonly detailAt: (index: number) => EventMap[T];
}

/** Events of one type that happened together. Each is made when somebody first looks at it: as a rule nobody does. */
export class EventBatch<T extends EventType = EventType> {
  /** Name of the bus they belong to. */
  readonly origin: string;
  /** The id of the first; those of the others follow without a hole. */
  readonly firstId: number;
  /** How many there are. */
  readonly count: number;
  readonly #parts: EventBatchParts<T>;
  readonly #events: (DfsEvent<T> | undefined)[] = [];

  /** Makes none of the events yet. */
  constructor(parts: EventBatchParts<T>) {
    this.origin = parts.origin;
    this.firstId = parts.firstId;
    this.count = parts.count;
    this.#parts = parts;
  }

  /** One of the events, by its place from 0 up to but without {@linkcode count}; always the same object. */
  at(index: number): DfsEvent<T> {
    const { type, firstId, time, origin, detailAt } = this.#parts;
    return this.#events[index] ??= { type, id: firstId + index, time, origin, detail: detailAt(index) };
  }
}

import { eventToJson } from "./event_json.ts";
import type { AnyEvent } from "./event_types.ts";
import type { FeedPosition } from "./feed_position.ts";
import { LruMap } from "./lru_map.ts";
import { Ring } from "./ring.ts";

/** The most origins whose events a journal follows: a server and 256 workers, and some that were replaced. */
export const feedOriginsMax = 300;

/** One event of the journal; its JSON text is made once, when somebody first reads it. */
export class FeedEntry {
  /** The event. */
  readonly event: AnyEvent;
  #data: string | undefined;

  /** Holds the event; its JSON text is not made yet. */
  constructor(event: AnyEvent) {
    this.event = event;
  }

  /** The event as JSON text. */
  get data(): string {
    this.#data ??= JSON.stringify(eventToJson(this.event));
    return this.#data;
  }
}

/**
 * The last events, in the order they came. Readers walk it by index, so that a thousand readers cost no more memory than
 * one, and one that is slow holds back nobody.
 */
export class FeedJournal {
  readonly #entries = new Ring<FeedEntry>();
  readonly #capacity: number;
  readonly #newest = new LruMap<string, number>(feedOriginsMax);
  readonly #forgotten = new LruMap<string, number>(feedOriginsMax);
  #first = 0;

  /**
   * Begins empty.
   *
   * @param capacity How many events it holds; a further one pushes the oldest out.
   * @throws {RangeError} if the capacity is not a whole number from 1 on.
   */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`A journal holds at least 1, not ${capacity}`);
    }
    this.#capacity = capacity;
  }

  /** Index of the oldest entry it still holds. */
  get first(): number {
    return this.#first;
  }

  /** Index of the entry that will come next. */
  get end(): number {
    return this.#first + this.#entries.size;
  }

  /** Where somebody stands who has been given everything. */
  get position(): FeedPosition {
    return new Map(this.#newest.entries());
  }

  /** Adds an event; the oldest is forgotten if there is no room. */
  append(event: AnyEvent): void {
    if (this.#entries.size >= this.#capacity) {
      const forgotten = this.#entries.shift();
      if (forgotten !== undefined) this.#forgotten.set(forgotten.event.origin, forgotten.event.id);
      this.#first++;
    }
    this.#entries.push(new FeedEntry(event));
    this.#newest.set(event.origin, event.id);
  }

  /** The entry at an index; `undefined` if it was forgotten or has not come yet. */
  at(index: number): FeedEntry | undefined {
    return this.#entries.at(index - this.#first);
  }

  /** Says whether any event of an origin ever came. */
  knows(origin: string): boolean {
    return this.#newest.get(origin) !== undefined;
  }

  /** Says whether somebody who stands at a position may have missed events that are not held any more. */
  missedSince(position: FeedPosition): boolean {
    if ([...position.keys()].some((origin) => !this.knows(origin))) return true;
    return this.#forgotten.entries().some(([origin, id]) => id > (position.get(origin) ?? -1));
  }
}

import type { EventBatch } from "./event_batch.ts";
import { eventToJson } from "./event_json.ts";
import type { AnyEvent, DfsEvent } from "./event_types.ts";
import { type FeedHistory, historyEvent } from "./feed_history.ts";
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

/** Events that came together, and where they stand in the journal. */
class Segment {
  readonly batch: Pick<EventBatch, "origin" | "firstId" | "count" | "at">;
  /** Index of its first event. */
  readonly start: number;
  readonly #entries: (FeedEntry | undefined)[] = [];

  constructor(batch: Segment["batch"], start: number) {
    this.batch = batch;
    this.start = start;
  }

  /** Index after its last event. */
  get end(): number {
    return this.start + this.batch.count;
  }

  entry(index: number): FeedEntry {
    // Which type an event has is not followed through a batch by the compiler.
    return this.#entries[index - this.start] ??= new FeedEntry(this.batch.at(index - this.start) as AnyEvent);
  }
}

/**
 * The last events, in the order they came. Readers walk it by index, so that a thousand readers cost no more memory than
 * one, and one that is slow holds back nobody. Of events that came together none is made before somebody reads it.
 */
export class FeedJournal {
  readonly #segments = new Ring<Segment>();
  readonly #capacity: number;
  readonly #newest = new LruMap<string, number>(feedOriginsMax);
  readonly #forgotten = new LruMap<string, number>(feedOriginsMax);
  /** Origins of earlier runs, see {@linkcode FeedHistory.dropped}. */
  readonly #dropped = new Set<string>();
  #first = 0;
  #end = 0;
  /** Where an entry was last found: readers go on from there. */
  #found = 0;

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
    return this.#end;
  }

  /** Where somebody stands who has been given everything. */
  get position(): FeedPosition {
    return new Map(this.#newest.entries());
  }

  /** Adds an event; the oldest is forgotten if there is no room. */
  append(event: DfsEvent): void {
    this.#add({ origin: event.origin, firstId: event.id, count: 1, at: () => event });
  }

  /** Adds events that came together, as {@linkcode append} does each. */
  appendBatch(batch: EventBatch): void {
    this.#add(batch);
  }

  /** The entry at an index; `undefined` if it was forgotten or has not come yet. */
  at(index: number): FeedEntry | undefined {
    return index < this.#first || index >= this.#end ? undefined : this.#segmentAt(index)?.entry(index);
  }

  /** Says whether any event of an origin ever came. */
  knows(origin: string): boolean {
    return this.#newest.get(origin) !== undefined;
  }

  /** Says whether somebody who stands at a position may have missed events that are not held any more. */
  missedSince(position: FeedPosition): boolean {
    const origins = [...position.keys()];
    if (origins.some((origin) => !this.knows(origin) && !this.#dropped.has(origin))) return true;
    // Whoever heard of a later origin was given all of those that ended before it.
    if (origins.length > 0 && !origins.some((origin) => this.knows(origin))) return true;
    return this.#forgotten.entries().some(([origin, id]) => id > (position.get(origin) ?? -1));
  }

  /**
   * What it leaves to the next journal.
   *
   * @param eventsMax How many events at most, the last ones.
   * @param originsMax The events of how many origins, those heard of last.
   */
  history(eventsMax: number, originsMax: number): FeedHistory {
    const known = this.#newest.entries();
    const newest = known.slice(-originsMax);
    const dropped = [...this.#dropped.values(), ...known.slice(0, -originsMax).map(([origin]) => origin)];
    const origins = new Set(newest.map(([origin]) => origin));
    const forgotten = new Map(this.#forgotten.entries().filter(([origin]) => origins.has(origin)));
    const runs: (readonly [string, number, number])[] = [];
    const events: string[] = [];
    const from = Math.max(this.#first, this.#end - eventsMax);
    for (let at = 0; at < this.#segments.size; at++) {
      const segment = this.#segments.at(at)!;
      const { origin, firstId } = segment.batch;
      if (!origins.has(origin)) continue;
      const start = Math.min(Math.max(segment.start, from), segment.end);
      if (start > segment.start) forgotten.set(origin, firstId + start - segment.start - 1);
      if (start === segment.end) continue;
      runs.push([origin, firstId + start - segment.start, segment.end - start]);
      for (let index = start; index < segment.end; index++) events.push(segment.entry(index).data);
    }
    return { newest, forgotten: [...forgotten], dropped: dropped.slice(-feedOriginsMax), runs, events };
  }

  /** Begins with what another journal left; call it before any event comes. An event is read when somebody looks at it. */
  restore({ newest, forgotten, dropped, runs, events }: FeedHistory): void {
    let start = 0;
    for (const origin of dropped) this.#dropped.add(origin);
    for (const [origin, id] of forgotten) this.#forgotten.set(origin, id);
    for (const [origin, firstId, count] of runs) {
      const first = start;
      this.#add({ origin, firstId, count, at: (index) => historyEvent(events[first + index]!) });
      start += count;
    }
    for (const [origin, id] of newest) this.#newest.set(origin, id);
  }

  #add(batch: Segment["batch"]): void {
    this.#segments.push(new Segment(batch, this.#end));
    this.#end += batch.count;
    this.#newest.set(batch.origin, batch.firstId + batch.count - 1);
    while (this.#end - this.#first > this.#capacity) this.#forget(this.#end - this.#capacity);
  }

  /** Forgets what the oldest segment holds up to but without an index. */
  #forget(index: number): void {
    const oldest = this.#segments.at(0);
    if (oldest === undefined) return;
    this.#first = Math.min(index, oldest.end);
    this.#forgotten.set(oldest.batch.origin, oldest.batch.firstId + this.#first - oldest.start - 1);
    if (this.#first < oldest.end) return;
    this.#segments.shift();
    this.#found--;
  }

  #segmentAt(index: number): Segment | undefined {
    let [low, high] = [0, this.#segments.size - 1];
    // As a rule the place found last has the entry, or the one behind it.
    for (const guess of [this.#found, this.#found + 1]) {
      const segment = this.#segments.at(guess);
      if (segment !== undefined && segment.start <= index && index < segment.end) low = high = guess;
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#segments.at(middle)!.start <= index) low = middle;
      else high = middle - 1;
    }
    this.#found = low;
    return this.#segments.at(low);
  }
}

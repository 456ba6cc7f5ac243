import { type Clock, err, ok, type Result, systemClock } from "../core/mod.ts";
import { correlationOf } from "./correlation.ts";
import { EventBatch } from "./event_batch.ts";
import type {
  BusCounts,
  EventBusOptions,
  EventHandler,
  SubscribeOptions,
  WaitError,
  WaitOptions,
} from "./event_bus_options.ts";
import { allEventTypes, type EventPattern, matchesPattern, type Matching } from "./event_pattern.ts";
import type { AnyEvent, DfsEvent, EventMap, EventType } from "./event_types.ts";
import { countingSequence, type Sequence } from "./sequence.ts";
import { insertSubscription, type Subscription } from "./subscription.ts";
import { systemTimers, type Timers } from "./timers.ts";
import { turnClock } from "./turn_clock.ts";

/** How many events handlers may emit before those they were called for have reached everybody. */
export const deferredEventsMax = 100_000;

/** The most events of a batch: what a batch holds on to is let go of together. */
export const batchEventsMax = 1024;

/** The longest text of an error in an event, in UTF-16 units. */
export const errorTextUnitsMax = 1000;

const originPattern = /^[A-Za-z0-9._-]{1,64}$/;

/** Travels through the `EventTarget`, again and again: the platform's object costs more than everything else here. */
class Carrier extends Event {
  event: DfsEvent | EventBatch | undefined;
  settlement: Settlement | undefined;
}

interface Channel {
  readonly carrier: Carrier;
  subscriptions: readonly Subscription[];
  readonly listener: () => void;
}

interface Settlement {
  readonly running: PromiseLike<unknown>[];
  readonly done: () => void;
}

interface Deferred {
  readonly event: DfsEvent;
  readonly settlement: Settlement | undefined;
}

/**
 * Brings events from those who make them to those who want to know, without either knowing the other.
 *
 * - Each type of event is dispatched on an `EventTarget` with one listener a type, which calls the handlers by priority
 *   and, within one, in the order of subscription, for patterns and single types alike.
 * - All handlers are called before `emit` returns. What a handler emits is delivered after the event it was called for
 *   has reached everybody: every handler sees all events in the order of their ids.
 * - A handler that throws or rejects stops nobody. It is counted, and `bus.handler_failed` is emitted, except for handlers
 *   of that very event, which are only counted.
 * - Handlers that emit without end meet {@linkcode deferredEventsMax}: `emit` throws in the handler, which fails like the others.
 * - Who subscribes while an event is being delivered gets the next one; who unsubscribes is not called any more.
 * - An event nobody is subscribed to is not made at all.
 *
 * @example
 * ```ts
 * import { EventBus } from "./event_bus.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bus = new EventBus({ origin: "example" });
 * const seen: number[] = [];
 * {
 *   using _subscription = bus.on("sync.completed", (event) => {
 *     seen.push(event.detail.revision);
 *   });
 *   bus.emit("sync.completed", { space: "default", revision: 7, durationMs: 12 });
 * }
 * bus.emit("sync.completed", { space: "default", revision: 8, durationMs: 12 });
 * assertEquals(seen, [7]);
 * ```
 */
export class EventBus implements Disposable {
  /** Name of this bus in the events it makes. */
  readonly origin: string;
  readonly #target = new EventTarget();
  readonly #channels = new Map<EventType, Channel>();
  readonly #clock: Clock;
  readonly #sequence: Sequence;
  readonly #timers: Timers;
  readonly #closing = new AbortController();
  #deferred: Deferred[] = [];
  #delivering = false;
  #events = 0;
  #failures = 0;

  /**
   * Begins without subscribers.
   *
   * @throws {RangeError} if the origin is not 1 to 64 letters, digits, `.`, `_` and `-`.
   */
  constructor(options: EventBusOptions = {}) {
    this.origin = options.origin ?? "main";
    if (!originPattern.test(this.origin)) throw new RangeError(`Not the name of an origin: "${this.origin}"`);
    this.#clock = options.clock ?? turnClock(systemClock);
    this.#sequence = options.sequence ?? countingSequence();
    this.#timers = options.timers ?? systemTimers;
  }

  /** What the bus has done so far. */
  get counts(): BusCounts {
    return { events: this.#events, failures: this.#failures };
  }

  /** Says whether anybody is subscribed to a type: whoever has to work for a payload asks first. */
  wants(type: EventType): boolean {
    return this.#channels.has(type);
  }

  /**
   * Subscribes to a type of event, a group (`file.*`) or everything (`*`).
   *
   * @returns Disposing of it ends the subscription.
   */
  on<P extends EventPattern>(pattern: P, handler: EventHandler<P>, options: SubscribeOptions<P> = {}): Disposable {
    const { filter, signal, batch } = options;
    if (batch !== undefined && (filter !== undefined || options.once)) {
      throw new TypeError("Who takes batches is called for all events");
    }
    const subscription: Subscription = {
      pattern,
      name: options.name ?? (handler.name || "anonymous"),
      priority: options.priority ?? 0,
      once: options.once ?? false,
      filtered: filter !== undefined,
      active: true,
      accepts: filter ?? acceptAll,
      handle: handler,
      handleBatch: batch,
    };
    if (signal?.aborted || this.#closing.signal.aborted) return { [Symbol.dispose]: () => {} };
    this.#add(subscription);
    const end = () => {
      signal?.removeEventListener("abort", end);
      this.#remove(subscription);
    };
    signal?.addEventListener("abort", end, { once: true });
    return { [Symbol.dispose]: end };
  }

  /** Tells everybody who is subscribed; returns when all handlers were called, promises of theirs notwithstanding. */
  emit<T extends EventType>(type: T, detail: EventMap[T]): void {
    const channel = this.#channels.get(type);
    if (channel !== undefined) this.#dispatch(channel, this.#make(type, detail), undefined);
  }

  /**
   * Emits an event for each of many things that happened together, in their order. The payload of each is made when
   * somebody looks at it: events that are only put by cost next to nothing.
   *
   * @param items What happened; they are held, by at most {@linkcode batchEventsMax} together, until all who put the
   * events by let go of them.
   * @param detailOf Makes the payload of one; it may be called much later, and not at all.
   */
  emitAll<T extends EventType, Item>(
    type: T,
    items: Iterable<Item>,
    detailOf: (item: Item) => EventMap[T],
  ): void {
    if (!this.#channels.has(type)) return;
    for (const held of portionsOf(items, batchEventsMax)) {
      const channel = this.#channels.get(type);
      if (channel === undefined) return;
      const count = held.length;
      const detailAt = (index: number) => detailOf(held[index]!);
      const firstId = this.#sequence.take(count);
      const batch = new EventBatch({ type, firstId, count, time: this.#clock.now(), origin: this.origin, detailAt });
      if (!this.#delivering) this.#dispatch(channel, batch, undefined);
      else for (let i = 0; i < count; i++) this.#defer({ event: batch.at(i), settlement: undefined });
    }
  }

  /** As {@linkcode emit}, and waits until every promise the handlers returned is settled; those that reject are isolated. */
  emitAsync<T extends EventType>(type: T, detail: EventMap[T]): Promise<void> {
    const channel = this.#channels.get(type);
    if (channel === undefined) return Promise.resolve();
    return new Promise((resolve) => this.#dispatch(channel, this.#make(type, detail), { running: [], done: resolve }));
  }

  /** Delivers an event that another bus made, as it is. Events of this bus that come back are ignored. */
  relay(event: AnyEvent): void {
    const channel = this.#channels.get(event.type);
    if (channel !== undefined && event.origin !== this.origin) this.#dispatch(channel, event, undefined);
  }

  /**
   * Waits for the next event that a pattern and a filter let through.
   *
   * @returns The event; or why there is none.
   */
  waitFor<P extends EventPattern>(pattern: P, options: WaitOptions<P> = {}): Promise<Result<Matching<P>, WaitError>> {
    const { filter, timeoutMs, signal } = options;
    return new Promise((resolve) => {
      const ended = new AbortController();
      const finish = (result: Result<Matching<P>, WaitError>) => {
        ended.abort();
        resolve(result);
      };
      if (this.#closing.signal.aborted) return finish(err("closed"));
      if (signal?.aborted) return finish(err("aborted"));
      this.on(pattern, (event) => finish(ok(event)), {
        once: true,
        signal: ended.signal,
        ...(filter === undefined ? {} : { filter }),
      });
      signal?.addEventListener("abort", () => finish(err("aborted")), { signal: ended.signal });
      this.#closing.signal.addEventListener("abort", () => finish(err("closed")), { signal: ended.signal });
      if (timeoutMs === undefined) return;
      const timer = this.#timers.after(timeoutMs, () => finish(err("timeout")));
      ended.signal.addEventListener("abort", () => timer[Symbol.dispose]());
    });
  }

  /** Ends all subscriptions and all waiting; nothing is delivered any more. */
  [Symbol.dispose](): void {
    for (const { subscriptions } of this.#channels.values()) {
      for (const subscription of subscriptions) this.#remove(subscription);
    }
    this.#closing.abort();
  }

  #make<T extends EventType>(type: T, detail: EventMap[T]): DfsEvent<T> {
    return { type, id: this.#sequence.next(), time: this.#clock.now(), origin: this.origin, detail };
  }

  #dispatch(channel: Channel, event: DfsEvent | EventBatch, settlement: Settlement | undefined): void {
    if (this.#delivering && !(event instanceof EventBatch)) return this.#defer({ event, settlement });
    this.#delivering = true;
    this.#send(channel, event, settlement);
    if (this.#deferred.length > 0) this.#sendDeferred();
    this.#delivering = false;
  }

  #send(channel: Channel, event: DfsEvent | EventBatch, settlement: Settlement | undefined): void {
    const { carrier } = channel;
    carrier.event = event;
    carrier.settlement = settlement;
    this.#target.dispatchEvent(carrier);
  }

  #defer(deferred: Deferred): void {
    if (this.#deferred.length >= deferredEventsMax) {
      throw new RangeError(
        `Handlers emitted more than ${deferredEventsMax} events: "${deferred.event.type}" is one too many`,
      );
    }
    this.#deferred.push(deferred);
  }

  #sendDeferred(): void {
    for (let i = 0; i < this.#deferred.length; i++) {
      const { event, settlement } = this.#deferred[i]!;
      const channel = this.#channels.get(event.type);
      if (channel === undefined) settlement?.done();
      else this.#send(channel, event, settlement);
    }
    this.#deferred = [];
  }

  #deliver({ carrier, subscriptions }: Channel): void {
    const { event, settlement } = carrier;
    if (event === undefined) return;
    if (event instanceof EventBatch) return this.#deliverBatch(subscriptions, event);
    this.#events++;
    for (let i = 0; i < subscriptions.length; i++) this.#call(subscriptions[i]!, event, settlement);
    if (settlement !== undefined) Promise.all(settlement.running).then(settlement.done);
  }

  #deliverBatch(subscriptions: readonly Subscription[], batch: EventBatch): void {
    this.#events += batch.count;
    for (const subscription of subscriptions) {
      if (subscription.handleBatch === undefined) {
        for (let i = 0; i < batch.count && subscription.active; i++) this.#call(subscription, batch.at(i), undefined);
      } else if (subscription.active) {
        try {
          subscription.handleBatch(batch);
        } catch (cause) {
          this.#failed(subscription, batch.at(0), cause);
        }
      }
    }
  }

  #call(subscription: Subscription, event: DfsEvent, settlement: Settlement | undefined): void {
    if (!subscription.active) return;
    try {
      if (subscription.filtered && !subscription.accepts(event)) return;
      if (subscription.once) this.#remove(subscription);
      const result = subscription.handle(event);
      if (isPromiseLike(result)) {
        const watched = this.#watch(result, subscription, event);
        settlement?.running.push(watched);
      }
    } catch (cause) {
      this.#failed(subscription, event, cause);
    }
  }

  #watch(result: PromiseLike<unknown>, subscription: Subscription, event: DfsEvent): PromiseLike<unknown> {
    return result.then(undefined, (cause) => this.#failed(subscription, event, cause));
  }

  #failed(subscription: Subscription, event: DfsEvent, cause: unknown): void {
    this.#failures++;
    if (event.type === "bus.handler_failed" || this.#deferred.length >= deferredEventsMax) return;
    const error = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    this.emit("bus.handler_failed", {
      ...correlationOf(event.detail),
      event: event.type,
      eventId: event.id,
      handler: subscription.name,
      error: error.slice(0, errorTextUnitsMax),
    });
  }

  #add(subscription: Subscription): void {
    for (const type of allEventTypes) {
      if (!matchesPattern(subscription.pattern, type)) continue;
      const channel = this.#channels.get(type) ?? this.#open(type);
      channel.subscriptions = insertSubscription(channel.subscriptions, subscription);
    }
  }

  #open(type: EventType): Channel {
    const channel: Channel = {
      carrier: new Carrier(type),
      subscriptions: [],
      listener: () => this.#deliver(channel),
    };
    this.#target.addEventListener(type, channel.listener);
    this.#channels.set(type, channel);
    return channel;
  }

  #remove(subscription: Subscription): void {
    if (!subscription.active) return;
    subscription.active = false;
    for (const [type, channel] of this.#channels) {
      channel.subscriptions = channel.subscriptions.filter((other) => other !== subscription);
      if (channel.subscriptions.length > 0) continue;
      this.#target.removeEventListener(type, channel.listener);
      this.#channels.delete(type);
    }
  }
}

function* portionsOf<Item>(items: Iterable<Item>, countMax: number): Generator<Item[]> {
  let portion: Item[] = [];
  for (const item of items) {
    portion.push(item);
    if (portion.length < countMax) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

function acceptAll(): boolean {
  return true;
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

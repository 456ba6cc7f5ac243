import { PriorityRings } from "./priority_rings.ts";
import { Ring } from "./ring.ts";

/**
 * What a full queue does with one more value.
 *
 * - `wait`: the producer waits until there is room.
 * - `drop-oldest`: the oldest value of the lowest priority goes; the new one, if all others have a higher priority.
 * - `drop-newest`: the new value goes.
 * - `reject`: the new value is not taken, and the producer is told so.
 */
export type OverflowPolicy = "wait" | "drop-oldest" | "drop-newest" | "reject";

/** What became of a value: it is in the queue; it was dropped; it was not taken, the queue being full or closed. */
export type PushOutcome = "queued" | "dropped" | "full" | "closed";

/** Options of {@linkcode EventQueue}. */
export interface EventQueueOptions {
  /** How many values it holds at most. */
  readonly capacity: number;
  /** How many priorities there are; 1 unless told, at most 32. The highest number goes first. */
  readonly priorities?: number;
  /** What to do when it is full; `wait` unless told. */
  readonly overflow?: OverflowPolicy;
}

interface Producer<T> {
  readonly value: T;
  readonly priority: number;
  readonly resolve: (outcome: PushOutcome) => void;
}

/**
 * Stands between those who make values and those who use them: bounded, by priority, first in first out within one.
 * Every operation takes constant time. Several consumers may take from it; each value goes to one of them.
 *
 * @example
 * ```ts
 * import { EventQueue } from "./event_queue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const queue = new EventQueue<string>({ capacity: 8, priorities: 2 });
 * await queue.push("later", 0);
 * await queue.push("first", 1);
 * queue.close();
 * assertEquals(await Array.fromAsync(queue), ["first", "later"]);
 * ```
 */
export class EventQueue<T extends NonNullable<unknown>> implements AsyncIterable<T> {
  readonly #values: PriorityRings<T>;
  readonly #producers: PriorityRings<Producer<T>>;
  readonly #consumers = new Ring<(value: T | undefined) => void>();
  readonly #empty = Promise.withResolvers<void>();
  readonly #capacity: number;
  readonly #overflow: OverflowPolicy;
  #closed = false;
  #dropped = 0;

  /**
   * Begins empty and open.
   *
   * @throws {RangeError} if the capacity is not a whole number from 1 on.
   */
  constructor(options: EventQueueOptions) {
    const { capacity, priorities = 1, overflow = "wait" } = options;
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError(`A queue holds at least 1, not ${capacity}`);
    this.#capacity = capacity;
    this.#overflow = overflow;
    this.#values = new PriorityRings(priorities);
    this.#producers = new PriorityRings(priorities);
  }

  /** How many values wait to be taken; those of producers who wait are not counted. */
  get size(): number {
    return this.#values.size;
  }

  /** How many values were dropped because the queue was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Puts a value in. Await what it returns: that is the back-pressure. Only a producer that has to wait gets a promise.
   *
   * @param priority From 0 to one below the number of priorities; the highest goes first.
   */
  push(value: T, priority = 0): PushOutcome | Promise<PushOutcome> {
    if (this.#closed) return "closed";
    const consumer = this.#consumers.shift();
    if (consumer !== undefined) {
      consumer(value);
      return "queued";
    }
    if (this.#values.size >= this.#capacity) return this.#pushFull(value, priority);
    this.#values.push(value, priority);
    return "queued";
  }

  /** Takes the next value, if there is one. */
  pop(): T | undefined {
    const value = this.#values.shift();
    if (this.#producers.size > 0) this.#admit();
    if (this.#closed && this.#values.size === 0) this.#empty.resolve();
    return value;
  }

  /**
   * Takes the next value, waiting for it.
   *
   * @returns The value; `undefined` when the queue is closed and empty.
   */
  take(): Promise<T | undefined> {
    const value = this.pop();
    if (value !== undefined || this.#closed) return Promise.resolve(value);
    return new Promise((resolve) => this.#consumers.push(resolve));
  }

  /** Takes no more values; what is in it can still be taken. Producers who wait are told `closed`. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (let producer = this.#producers.shift(); producer; producer = this.#producers.shift()) {
      producer.resolve("closed");
    }
    for (let consumer = this.#consumers.shift(); consumer; consumer = this.#consumers.shift()) consumer(undefined);
    if (this.#values.size === 0) this.#empty.resolve();
  }

  /** Closes the queue and waits until everything in it was taken. */
  drain(): Promise<void> {
    this.close();
    return this.#empty.promise;
  }

  /** Takes values until the queue is closed and empty. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    while (true) {
      const value = this.pop() ?? await this.take();
      if (value === undefined) return;
      yield value;
    }
  }

  #pushFull(value: T, priority: number): PushOutcome | Promise<PushOutcome> {
    switch (this.#overflow) {
      case "wait":
        return new Promise((resolve) => this.#producers.push({ value, priority, resolve }, priority));
      case "reject":
        return "full";
      case "drop-newest":
        this.#dropped++;
        return "dropped";
      case "drop-oldest":
        this.#dropped++;
        if (this.#values.lowest > priority) return "dropped";
        this.#values.shiftFrom(this.#values.lowest);
        this.#values.push(value, priority);
        return "queued";
    }
  }

  #admit(): void {
    const producer = this.#producers.shift();
    if (producer === undefined) return;
    this.#values.push(producer.value, producer.priority);
    producer.resolve("queued");
  }
}

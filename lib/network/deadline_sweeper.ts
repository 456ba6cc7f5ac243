import { sweepIntervalMs } from "./limits.ts";
import type { Ticker } from "./ticker.ts";

/** Something that waits for a peer and must not wait for ever. */
export interface Expiring {
  /** Called every now and then with the time; ends what has waited too long. */
  expire(now: number): void;
}

/**
 * Looks at many deadlines with one timer. A deadline costs no more than a number: its owner compares it with the time
 * whenever the sweep comes by.
 */
export class DeadlineSweeper implements Disposable {
  readonly #members = new Set<Expiring>();
  readonly #timer: Disposable;
  #now: number;

  constructor(ticker: Ticker) {
    this.#now = ticker.now();
    this.#timer = ticker.every(sweepIntervalMs, () => this.#sweep(ticker.now()));
  }

  /** The time of the last sweep in milliseconds; deadlines are counted from it. */
  get now(): number {
    return this.#now;
  }

  /** Begins to look at a member. */
  add(member: Expiring): void {
    this.#members.add(member);
  }

  /** Looks at a member no longer. */
  delete(member: Expiring): void {
    this.#members.delete(member);
  }

  #sweep(now: number): void {
    this.#now = now;
    for (const member of this.#members) member.expire(now);
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.#members.clear();
  }
}

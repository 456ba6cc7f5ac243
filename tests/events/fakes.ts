import type { Clock } from "../../lib/core/mod.ts";
import type { Timers } from "../../lib/events/mod.ts";

/** Time that passes when the test says so: both a clock and its timers. */
export class FakeTime implements Clock, Timers {
  #now: number;
  #pending: { at: number; callback: () => void }[] = [];

  constructor(now = Date.UTC(2026, 0, 2, 3, 4, 5, 6)) {
    this.#now = now;
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#pending.length;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): Disposable {
    const timer = { at: this.#now + ms, callback };
    this.#pending.push(timer);
    return {
      [Symbol.dispose]: () => {
        this.#pending = this.#pending.filter((other) => other !== timer);
      },
    };
  }

  /** Lets time pass and calls back whoever waited for it, in order. */
  pass(ms: number): void {
    const end = this.#now + ms;
    while (true) {
      const due = this.#pending.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#pending = this.#pending.filter((other) => other !== due);
      this.#now = due.at;
      due.callback();
    }
    this.#now = end;
  }
}

import type { Clock } from "../../lib/core/mod.ts";

/** The time of a simulated world; it passes when it is told to. */
export class WorldClock {
  #passedMs = 0;

  /** Lets time pass, for everybody. */
  pass(ms: number): void {
    this.#passedMs += ms;
  }

  /** A clock of this world that can be set. */
  watch(): WatchClock {
    return new WatchClock(() => this.#passedMs);
  }
}

/** When a simulated world begins, as a clock that was not set tells it. */
const beginsMs: number = Date.UTC(2026, 0, 31, 12);

/** The clock of one machine; somebody may set it. */
export class WatchClock implements Clock {
  readonly #passedMs: () => number;
  #setMs = 0;

  constructor(passedMs: () => number) {
    this.#passedMs = passedMs;
  }

  /** Sets it forwards, or backwards. */
  jump(ms: number): void {
    this.#setMs += ms;
  }

  now(): number {
    return beginsMs + this.#passedMs() + this.#setMs;
  }

  monotonic(): number {
    return this.#passedMs();
  }
}

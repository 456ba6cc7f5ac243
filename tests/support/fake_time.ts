import type { Sleep } from "../../lib/client/watch/mod.ts";
import type { Clock } from "../../lib/core/mod.ts";

/** Lets everything run that does not wait for the time or the system. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Sleeper {
  readonly ms: number;
  readonly atMs: number;
  readonly wake: () => void;
}

/** A time that stands still until it is turned, with those who sleep by it. */
export class FakeTime {
  #nowMs = Date.UTC(2026, 0, 1);
  readonly #sleepers = new Set<Sleeper>();

  /** Tells it. */
  readonly clock: Clock = { now: () => this.#nowMs, monotonic: () => this.#nowMs };

  /** Sleeps by it. */
  readonly sleep: Sleep = (ms, signal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (signal.aborted) resolve();
    else {
      const sleeper: Sleeper = {
        ms,
        atMs: this.#nowMs + ms,
        wake: () => {
          signal.removeEventListener("abort", sleeper.wake);
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      signal.addEventListener("abort", sleeper.wake);
      this.#sleepers.add(sleeper);
    }
    return promise;
  };

  /** For how long those who sleep wanted to, the shortest first. */
  get sleeping(): number[] {
    return [...this.#sleepers].map(({ ms }) => ms).sort((a, b) => a - b);
  }

  /** Settles once somebody sleeps for so long. */
  async until(ms: number): Promise<void> {
    while (!this.sleeping.includes(ms)) await turn();
  }

  /** Lets time pass; whoever wakes may go on, and sleep again, before the next one wakes. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const next = [...this.#sleepers].sort((a, b) => a.atMs - b.atMs).find(({ atMs }) => atMs <= endMs);
      if (next === undefined) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
      await turn();
    }
    this.#nowMs = endMs;
  }

  /** Lets time pass that nobody sleeps by, as while the machine is suspended. */
  suspend(ms: number): void {
    this.#nowMs += ms;
  }
}

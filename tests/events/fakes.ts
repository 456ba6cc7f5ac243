import type { Clock } from "../../lib/core/mod.ts";
import type { LogSink, Timers } from "../../lib/events/mod.ts";

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

/** A folder that is gone when the test is over. */
export class TemporaryFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<TemporaryFolder> {
    return new TemporaryFolder(await Deno.makeTempDir({ prefix: "dfs-events-" }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** A sink that keeps its lines. */
export class MemorySink implements LogSink {
  readonly lines: string[] = [];
  closed = false;

  write(line: string): void {
    this.lines.push(line);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

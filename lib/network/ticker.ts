/** Where deadlines get their time from; tests hand in one that they turn by hand. */
export interface Ticker {
  /** Milliseconds from a fixed but unknown start; never runs backwards. */
  now(): number;
  /** Calls back every `intervalMs` until it is disposed of; does not keep the process alive. */
  every(intervalMs: number, callback: () => void): Disposable;
}

/** The time of this machine. */
export const systemTicker: Ticker = {
  now: () => performance.now(),
  every(intervalMs, callback) {
    const timer = setInterval(callback, intervalMs);
    Deno.unrefTimer(timer);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
};

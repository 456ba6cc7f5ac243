/** Waits, or ends early when the signal says so. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits by the timers of this machine. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

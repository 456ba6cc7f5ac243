import type { Clock } from "../core/mod.ts";

/**
 * A clock whose time of day is read at most once between two waits of the program, however often it is asked.
 *
 * Asking the platform takes about as long as delivering an event (measured: 45 ns against 65 ns), and events come in
 * bursts. What it says may be older by as long as the program has been computing without waiting for anything; the order
 * of events is told by their ids, and durations are measured by whoever emits them.
 *
 * @param clock The clock to read.
 */
export function turnClock(clock: Clock): Clock {
  let time = 0;
  let stale = true;
  const forget = () => {
    stale = true;
  };
  return {
    now: () => {
      if (stale) {
        stale = false;
        queueMicrotask(forget);
        time = clock.now();
      }
      return time;
    },
    monotonic: () => clock.monotonic(),
  };
}

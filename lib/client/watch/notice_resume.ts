import type { Clock } from "../../core/mod.ts";
import type { WatchParts } from "./watch_parts.ts";

/** How often is looked whether the machine slept, in milliseconds. */
const tickMs = 5000;
/** How much longer than meant a wait takes when the machine slept meanwhile, in milliseconds. */
const lateMs = 30_000;

/**
 * Calls back after the machine slept: by the clock of the day, a short wait took far longer than it was meant to. What runs
 * took is left out of that, as they may have held the wait up.
 */
export async function noticeResume(resumed: () => void, clock: Clock, parts: WatchParts): Promise<void> {
  const { state, sleep, signal } = parts;
  for (;;) {
    const { ranMs } = state;
    const beforeMs = clock.now();
    await sleep(tickMs, signal);
    if (signal.aborted) return;
    const waitedMs = clock.now() - beforeMs - (state.ranMs - ranMs);
    if (!state.running && waitedMs > tickMs + lateMs) resumed();
  }
}

import type { Clock } from "../../core/mod.ts";
import type { WatchParts } from "./watch_parts.ts";

/** How often is looked whether the machine slept, in milliseconds. */
const tickMs = 5000;
/** How much longer than meant a wait takes when the machine slept meanwhile, in milliseconds. */
const lateMs = 30_000;

/**
 * Calls back after the machine slept: by the clock of the day, a short wait took far longer than it was meant to. Where a
 * run may have held it up nothing is concluded.
 */
export async function noticeResume(resumed: () => void, clock: Clock, parts: WatchParts): Promise<void> {
  const { state, sleep, signal } = parts;
  for (;;) {
    const { runs, running } = state;
    const beforeMs = clock.now();
    await sleep(tickMs, signal);
    if (signal.aborted) return;
    const idle = !running && !state.running && runs === state.runs;
    if (idle && clock.now() - beforeMs > tickMs + lateMs) resumed();
  }
}

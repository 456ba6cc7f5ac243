import type { Sleep } from "./sleep.ts";
import type { WatchListener } from "./watch_listener.ts";
import type { WatchReason, WatchTrigger } from "./watch_trigger.ts";

/** What the parts of a watching client share. */
export interface WatchParts {
  /** Makes runs due. */
  readonly trigger: WatchTrigger;
  /** Where they stand. */
  readonly state: WatchState;
  /** Waits. */
  readonly sleep: Sleep;
  /** Ends them. */
  readonly signal: AbortSignal;
  /** Told what happens. */
  readonly listener: WatchListener;
}

/** Where a watching client stands. */
export interface WatchState {
  /** Whether changes in the folder are told. */
  watched: boolean;
  /** Whether changes on the server are told. */
  followed: boolean;
  /** How long runs took, all together, in milliseconds. */
  ranMs: number;
  /** Whether a run is under way. */
  running: boolean;
  /** Whether the last run failed by what may pass. */
  failing: boolean;
}

/** How often is looked where nobody tells of changes, in milliseconds. */
export const pollMs = 15_000;
/** How long until what cannot be watched or followed is tried again, in milliseconds. */
export const renewMs = 600_000;
/** The wait before something that failed is tried again, in milliseconds; it doubles from one to the next. */
export const retryMs = { first: 1000, max: 60_000 };

/** Makes a run due again and again. */
export async function pokeEvery(ms: number | undefined, reason: WatchReason, parts: WatchParts): Promise<void> {
  if (ms === undefined) return;
  for (;;) {
    await parts.sleep(ms, parts.signal);
    if (parts.signal.aborted) return;
    parts.trigger.poke(reason);
  }
}

/** Makes a run due now and then while nobody tells of changes, unless one that failed is tried again by itself. */
export async function pokeWhileBlind({ state, sleep, signal, trigger }: WatchParts): Promise<void> {
  for (;;) {
    await sleep(pollMs, signal);
    if (signal.aborted) return;
    if (state.failing) continue;
    if (!state.watched) trigger.poke("rescan");
    if (!state.followed) trigger.poke("space");
  }
}

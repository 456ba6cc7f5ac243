import { pollMs, type WatchParts } from "./watch_parts.ts";

/**
 * Makes a run due when another folder took the place of the one that is watched. Nobody tells of that where a disk is mounted
 * over it, and a watcher may fail to where the other comes the moment that the first one goes.
 *
 * @param isInPlace Whether the folder is the one that was opened.
 */
export async function noticeReplaced(
  isInPlace: () => boolean,
  { trigger, sleep, signal }: Pick<WatchParts, "trigger" | "sleep" | "signal">,
): Promise<void> {
  for (let wasInPlace = true;;) {
    await sleep(pollMs, signal);
    if (signal.aborted) return;
    const now = isInPlace();
    // While it is away, runs are tried again by themselves.
    if (wasInPlace && !now) trigger.poke("rescan");
    wasInPlace = now;
  }
}

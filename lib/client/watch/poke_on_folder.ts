import type { Attempts } from "./attempts.ts";
import type { FolderWatcher } from "./watch_folder.ts";
import { pollMs, renewMs, type WatchParts } from "./watch_parts.ts";

/** What {@linkcode pokeOnFolder} watches. */
export interface FolderToWatch {
  /** Where the folder is. */
  readonly root: string;
  /** Tells of changes in it. */
  readonly watcher: FolderWatcher;
  /** Ends the watcher that is at work, for a new one. */
  readonly attempts: Attempts;
}

/**
 * Makes a run due whenever something changes in the folder, the first one as soon as it is being watched, or known not to
 * be. What went by while it was not is found by a run, too.
 */
export async function pokeOnFolder({ root, watcher, attempts }: FolderToWatch, parts: WatchParts): Promise<void> {
  const { trigger, state, sleep, signal, listener } = parts;
  let first = true;
  let degraded = false;
  const look = (): void => {
    trigger.poke(first ? "start" : "rescan");
    first = false;
  };
  await attempts.repeat(signal, async (inside) => {
    let reason = "The watcher ended";
    try {
      for await (const change of watcher(root, inside)) {
        if (change.kind === "changed") trigger.poke("folder", change.directories);
        else look();
        if (change.kind !== "began") continue;
        if (degraded) listener.restored("folder");
        degraded = false;
        state.watched = true;
      }
    } catch (cause) {
      reason = cause instanceof Error ? cause.message : String(cause);
    }
    state.watched = false;
    if (inside.aborted) return;
    if (!degraded) listener.degraded("folder", reason, pollMs);
    degraded = true;
    look();
    await sleep(renewMs, inside);
  });
}

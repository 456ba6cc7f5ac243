import type { SafePath } from "../../core/mod.ts";
import type { Sleep } from "./sleep.ts";

/**
 * Why a run is due: the client just began; something changed in the folder or on the server; it is time to walk the whole
 * folder, to read all content anew, or to try again; the machine had slept.
 */
export type WatchReason = "start" | "folder" | "space" | "rescan" | "verify" | "retry" | "resumed";

/** What {@linkcode WatchTrigger.next} waits for. */
export interface NextRunOptions {
  /** How long nothing may change for a busy folder to be quiet, in milliseconds. */
  readonly settleMs: number;
  /** After how long a run is due in any case, in milliseconds; never unless given. */
  readonly retryMs?: number | undefined;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** Of so many changed directories, looking at the whole folder takes no longer. */
const directoriesMax = 1000;
/** How long nothing may change after a first change, in milliseconds; it doubles with each that follows. */
const quickMs = 20;
/** How many times its settling time a folder is waited for at most: one that is never quiet is looked at all the same. */
const settleRoundsMax = 20;

/** Gathers reasons for a run, so that many changes make one run. */
export class WatchTrigger {
  readonly #sleep: Sleep;
  #reasons = new Set<WatchReason>();
  #woken = Promise.withResolvers<void>();
  /** Counts the changes in the folder. */
  #changes = 0;
  /** The directories in which something may have changed since the last run; all of them if not given. */
  #directories: Set<SafePath> | undefined;

  /** Nothing is due yet. */
  constructor(sleep: Sleep) {
    this.#sleep = sleep;
  }

  /**
   * Makes a run due.
   *
   * @param directories Where something changed in the folder, if that is the reason and it is known.
   */
  poke(reason: WatchReason, directories?: ReadonlySet<SafePath>): void {
    this.#reasons.add(reason);
    if (reason === "folder") this.#changes++;
    if (reason !== "space") this.#note(directories);
    this.#woken.resolve();
  }

  /** Lets the next run look at the whole folder. */
  lookEverywhere(): void {
    this.#directories = undefined;
  }

  /** The directories that the run which is due has to look at; all of them if not given. From here on, none are noted. */
  takeDirectories(): ReadonlySet<SafePath> | undefined {
    const directories = this.#directories;
    this.#directories = new Set();
    return directories;
  }

  #note(directories: ReadonlySet<SafePath> | undefined): void {
    if (directories === undefined) this.#directories = undefined;
    for (const directory of directories ?? []) this.#directories?.add(directory);
    if ((this.#directories?.size ?? 0) > directoriesMax) this.#directories = undefined;
  }

  /**
   * Waits until a run is due and the folder is quiet.
   *
   * @returns Why it is due; nothing if the signal ended the wait.
   */
  async next({ settleMs, retryMs, signal }: NextRunOptions): Promise<ReadonlySet<WatchReason>> {
    await this.#due(retryMs, signal);
    let waitMs = Math.min(quickMs, settleMs);
    let waitedMs = 0;
    while (this.#reasons.has("folder") && waitedMs < settleMs * settleRoundsMax && !signal.aborted) {
      const seen = this.#changes;
      await this.#sleep(waitMs, signal);
      if (this.#changes === seen) break;
      waitedMs += waitMs;
      waitMs = Math.min(waitMs * 2, settleMs);
    }
    const reasons = this.#reasons;
    this.#reasons = new Set();
    this.#woken = Promise.withResolvers();
    return signal.aborted ? new Set() : reasons;
  }

  async #due(retryMs: number | undefined, signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    const end = (): void => {
      waiting.abort();
      this.#woken.resolve();
    };
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    if (retryMs !== undefined) {
      void this.#sleep(retryMs, waiting.signal).then(() => {
        if (!waiting.signal.aborted) this.poke("retry");
      });
    }
    await this.#woken.promise;
    signal.removeEventListener("abort", end);
    waiting.abort();
  }
}

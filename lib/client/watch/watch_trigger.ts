/**
 * Why a run is due: the client just began; something changed in the folder or on the server; it is time to walk the whole
 * folder, to read all content anew, or to try again.
 */
export type WatchReason = "start" | "folder" | "space" | "rescan" | "verify" | "retry";

/** Waits, or ends early when the signal says so. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** How many times its settling time a folder is waited for at most: one that is never quiet is looked at all the same. */
const settleRoundsMax = 20;

/** Gathers reasons for a run, so that many changes make one run. */
export class WatchTrigger {
  readonly #sleep: Sleep;
  #reasons = new Set<WatchReason>();
  #woken = Promise.withResolvers<void>();
  /** Counts the changes in the folder. */
  #changes = 0;

  /** Nothing is due yet. */
  constructor(sleep: Sleep) {
    this.#sleep = sleep;
  }

  /** Makes a run due. */
  poke(reason: WatchReason): void {
    this.#reasons.add(reason);
    if (reason === "folder") this.#changes++;
    this.#woken.resolve();
  }

  /**
   * Waits until a run is due and the folder is quiet.
   *
   * @param settleMs How long nothing may change for the folder to be quiet, in milliseconds.
   * @returns Why it is due; nothing if the signal ended the wait.
   */
  async next(settleMs: number, signal: AbortSignal): Promise<ReadonlySet<WatchReason>> {
    const ended = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([this.#woken.promise, ended]);
    for (let round = 0; round < settleRoundsMax && !signal.aborted; round++) {
      const seen = this.#changes;
      if (!this.#reasons.has("folder")) break;
      await this.#sleep(settleMs, signal);
      if (this.#changes === seen) break;
    }
    const reasons = this.#reasons;
    this.#reasons = new Set();
    this.#woken = Promise.withResolvers();
    return signal.aborted ? new Set() : reasons;
  }
}

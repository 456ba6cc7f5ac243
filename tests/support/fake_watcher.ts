import { rootPath } from "../../lib/core/mod.ts";
import type { FolderChange, FolderWatcher } from "../../lib/client/watch/mod.ts";

/** A watcher that tells what it is told to. */
export class FakeWatcher {
  #pending: (FolderChange | Error | "end")[] = [];
  #wake = Promise.withResolvers<void>();
  /** How often it was begun. */
  begun = 0;
  /** How many of these go on. */
  open = 0;
  /** What it fails with when it is begun. */
  failure: Error | undefined;

  /** To be handed in. */
  readonly watcher: FolderWatcher = (_root, signal) => this.#watch(signal);

  /** Tells of a change, in the topmost folder if it is one; or fails, or ends. */
  tell(what: FolderChange["kind"] | Error | "end"): void {
    if (what === "changed") this.#pending.push({ kind: what, directories: new Set([rootPath]) });
    else this.#pending.push(what === "began" || what === "missed" ? { kind: what } : what);
    this.#wake.resolve();
  }

  async *#watch(signal: AbortSignal): AsyncIterable<FolderChange> {
    this.begun++;
    if (this.failure !== undefined) throw this.failure;
    this.open++;
    const end = (): void => this.#wake.resolve();
    signal.addEventListener("abort", end);
    try {
      yield { kind: "began" };
      while (!signal.aborted) {
        const next = this.#pending.shift();
        if (next === "end") return;
        if (next instanceof Error) throw next;
        if (next !== undefined) yield next;
        else {
          this.#wake = Promise.withResolvers();
          await this.#wake.promise;
        }
      }
    } finally {
      signal.removeEventListener("abort", end);
      this.open--;
    }
  }
}

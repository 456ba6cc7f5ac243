/** Lets one attempt after another at something be ended, so that the next one can begin. */
export class Attempts {
  #current = new AbortController();

  /** Ends the attempt that is under way, if one is. */
  renew(): void {
    this.#current.abort();
  }

  /** Makes one attempt after another, each with a signal that ends it, until the given signal ends them all. */
  async repeat(signal: AbortSignal, attempt: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const end = (): void => this.#current.abort();
    signal.addEventListener("abort", end);
    try {
      while (!signal.aborted) {
        this.#current = new AbortController();
        await attempt(this.#current.signal);
      }
    } finally {
      signal.removeEventListener("abort", end);
    }
  }
}

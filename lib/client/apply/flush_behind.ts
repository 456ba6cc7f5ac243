import { handled } from "./handled.ts";

/** After so many bytes the medium begins to take them: else it would have nothing to do until all are written. */
const flushBytes = 64 * 1024 * 1024;

/** Brings what is written to the medium while more is being written. Disposing of it waits, and loses what fails. */
export class FlushBehind implements AsyncDisposable {
  readonly #flush: () => Promise<void>;
  #flushing: Promise<void> = Promise.resolve();
  #unflushedBytes = 0;

  /**
   * Nothing is written yet.
   *
   * @param flush Brings there what was written before it is called.
   */
  constructor(flush: () => Promise<void>) {
    this.#flush = flush;
  }

  /**
   * Counts bytes that were written, and begins a flush if they are enough for the next one and the last one is over.
   *
   * @throws what an earlier flush failed with.
   */
  async wrote(bytes: number): Promise<void> {
    this.#unflushedBytes += bytes;
    if (this.#unflushedBytes < flushBytes) return;
    await this.#flushing;
    this.#flushing = handled(this.#flush());
    this.#unflushedBytes = 0;
  }

  /** Resolves when no flush is under way any more; throws what the last one failed with. */
  async finish(): Promise<void> {
    await this.#flushing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([this.#flushing]);
  }
}

import type { WriterAside } from "../folder/mod.ts";
import { handled } from "./handled.ts";

/** After so many bytes the medium begins to take them: else it would have nothing to do until the file is whole. */
const flushBytes = 64 * 1024 * 1024;

/** Brings a long file to the medium while more of it is being written. */
export class FlushBehind {
  readonly #aside: Pick<WriterAside, "flush">;
  #flushing: Promise<void> = Promise.resolve();
  #unflushedBytes = 0;

  /** Nothing is written yet. */
  constructor(aside: Pick<WriterAside, "flush">) {
    this.#aside = aside;
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
    this.#flushing = handled(this.#aside.flush());
    this.#unflushedBytes = 0;
  }

  /** Resolves when no flush is under way any more; throws what the last one failed with. */
  async finish(): Promise<void> {
    await this.#flushing;
  }
}

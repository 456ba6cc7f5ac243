import type { FolderWriter, WriterAside } from "../folder/mod.ts";

/** So many bytes are gathered before another thread writes them. */
const pieceBytes: number = 1024 * 1024;
/** From so many fetched bytes on a file is worth the memory: two pieces. */
export const writeBehindBytesMin: number = 4 * pieceBytes;
/** After so many bytes the medium begins to take them: else it would have nothing to do until the file is whole. */
const flushBytes: number = 64 * pieceBytes;

/**
 * Writes a long file on another thread, while the next bytes are being fetched and checked. What is given to it is copied,
 * so it need not stay.
 */
export class WriteBehind implements AsyncDisposable {
  readonly #aside: WriterAside;
  #gathered = new Uint8Array(pieceBytes);
  #gatheredBytes = 0;
  #spare = new Uint8Array(pieceBytes);
  #writing: Promise<void> = Promise.resolve();
  #flushing: Promise<void> = Promise.resolve();
  #unflushedBytes = 0;

  private constructor(aside: WriterAside) {
    this.#aside = aside;
  }

  /**
   * Writes to a file behind what is there.
   *
   * @param fetchedBytes How much of it is waited for. Copying what lies here already is no faster on two threads.
   * @returns `undefined` if that is not worth it, or the folder cannot do it.
   */
  static for({ aside }: FolderWriter, fetchedBytes: number): WriteBehind | undefined {
    return aside === undefined || fetchedBytes < writeBehindBytesMin ? undefined : new WriteBehind(aside);
  }

  /**
   * Takes in bytes that come behind those before.
   *
   * @throws what an earlier write or flush failed with.
   */
  async write(bytes: Uint8Array): Promise<void> {
    for (let taken = 0; taken < bytes.length;) {
      const part = bytes.subarray(taken, taken + pieceBytes - this.#gatheredBytes);
      this.#gathered.set(part, this.#gatheredBytes);
      this.#gatheredBytes += part.length;
      taken += part.length;
      if (this.#gatheredBytes === pieceBytes) await this.#begin();
    }
  }

  /** Writes what is left; resolves when all of it is written. */
  async finish(): Promise<void> {
    await this.#begin();
    await this.#writing;
    await this.#flushing;
  }

  /** Waits until nothing is under way any more; what fails meanwhile is lost. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([this.#writing, this.#flushing]);
  }

  /** Lets what was gathered be written, once what came before it was. */
  async #begin(): Promise<void> {
    await this.#writing;
    const full = this.#gathered;
    this.#writing = handled(this.#aside.write(full.subarray(0, this.#gatheredBytes)));
    this.#unflushedBytes += this.#gatheredBytes;
    this.#gathered = this.#spare;
    this.#spare = full;
    this.#gatheredBytes = 0;
    if (this.#unflushedBytes >= flushBytes) await this.#beginFlush();
  }

  async #beginFlush(): Promise<void> {
    await this.#flushing;
    this.#flushing = handled(this.#aside.flush());
    this.#unflushedBytes = 0;
  }
}

/** A promise whose failure is seen when its turn comes; until then it must not count as unhandled. */
function handled(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}

import type { WriterAside } from "../folder/mod.ts";
import { FlushBehind } from "./flush_behind.ts";
import { handled } from "./handled.ts";
import type { PartWriter } from "./part_writer.ts";

/** So many bytes are gathered before another thread writes them. */
const pieceBytes: number = 1024 * 1024;

/** Writes a long file on another thread, while the next bytes are being fetched and checked. */
export class WriteBehind implements PartWriter {
  readonly #aside: WriterAside;
  #gathered = new Uint8Array(pieceBytes);
  #gatheredBytes = 0;
  #spare = new Uint8Array(pieceBytes);
  #writing: Promise<void> = Promise.resolve();
  readonly #flushing: FlushBehind;

  /** Writes to a file behind what is there. */
  constructor(aside: WriterAside) {
    this.#aside = aside;
    this.#flushing = new FlushBehind(() => aside.flush());
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let taken = 0; taken < bytes.length;) {
      const part = bytes.subarray(taken, taken + pieceBytes - this.#gatheredBytes);
      this.#gathered.set(part, this.#gatheredBytes);
      this.#gatheredBytes += part.length;
      taken += part.length;
      if (this.#gatheredBytes === pieceBytes) await this.#begin();
    }
  }

  async finish(): Promise<void> {
    await this.#begin();
    await this.#writing;
    await this.#flushing.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([this.#writing, this.#flushing.finish()]);
  }

  /** Lets what was gathered be written, once what came before it was. */
  async #begin(): Promise<void> {
    await this.#writing;
    const full = this.#gathered;
    this.#writing = handled(this.#aside.write(full.subarray(0, this.#gatheredBytes)));
    const bytes = this.#gatheredBytes;
    this.#gathered = this.#spare;
    this.#spare = full;
    this.#gatheredBytes = 0;
    await this.#flushing.wrote(bytes);
  }
}

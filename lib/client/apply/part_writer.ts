import type { FolderWriter } from "../folder/mod.ts";
import { FlushBehind } from "./flush_behind.ts";
import { WriteBehind } from "./write_behind.ts";

/** From so many fetched bytes on a file is worth the memory that writing it on another thread takes. */
export const writeBehindBytesMin: number = 4 * 1024 * 1024;

/** Writes a file, or the rest of one, in order. Disposing of it waits until nothing is under way, and loses what fails. */
export interface PartWriter extends AsyncDisposable {
  /**
   * Takes in bytes that come behind those before; they need not stay.
   *
   * @throws what writing these, or bytes before them, failed with.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when all of it is written. */
  finish(): Promise<void>;
}

/**
 * Writes to a file behind what is there.
 *
 * @param fetchedBytes How much of it is waited for. Copying what lies here already is no faster on two threads.
 */
export function partWriter(file: FolderWriter, fetchedBytes: number): PartWriter {
  if (file.aside === undefined) return new WriteHere(file);
  return fetchedBytes < writeBehindBytesMin
    ? new WriteHere(file, new FlushBehind(file.aside))
    : new WriteBehind(file.aside);
}

/** Writes at once. */
class WriteHere implements PartWriter {
  readonly #file: FolderWriter;
  readonly #flushing: FlushBehind | undefined;

  constructor(file: FolderWriter, flushing?: FlushBehind) {
    this.#file = file;
    this.#flushing = flushing;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#file.write(bytes);
    await this.#flushing?.wrote(bytes.length);
  }

  async finish(): Promise<void> {
    await this.#flushing?.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([this.finish()]);
  }
}

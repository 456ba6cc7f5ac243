import type { FolderWriter } from "../folder/mod.ts";
import { WriteBehind } from "./write_behind.ts";

/** From so many bytes on a file is worth the memory that writing it on another thread takes. */
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
 * @param bytes How much of it is to be written.
 */
export function partWriter(file: FolderWriter, bytes: number): PartWriter {
  return file.aside === undefined || bytes < writeBehindBytesMin ? new WriteHere(file) : new WriteBehind(file.aside);
}

/** Writes at once. */
class WriteHere implements PartWriter {
  readonly #file: FolderWriter;

  constructor(file: FolderWriter) {
    this.#file = file;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await Promise.resolve(this.#file.write(bytes));
  }

  async finish(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}

import { platformFailure, type SafePath } from "../../core/mod.ts";
import type { FileMaker, FileMarks, Folder } from "./folder.ts";

/** Makes each file at once, on this thread. */
export class MakeAtOnce implements FileMaker {
  readonly #folder: Folder;

  /** Makes nothing yet. */
  constructor(folder: Folder) {
    this.#folder = folder;
  }

  async make(path: SafePath, bytes: Uint8Array<ArrayBuffer>, marks: FileMarks): Promise<void> {
    try {
      await Promise.resolve(this.#folder.make(path, bytes, marks));
    } catch (cause) {
      throw platformFailure(`write "${this.#folder.locate(path)}"`, cause);
    }
  }

  async made(): Promise<void> {}

  async finish(): Promise<void> {}

  /** Has nothing to wait for. */
  async [Symbol.asyncDispose](): Promise<void> {}
}

import type { SafePath } from "../../core/mod.ts";
import type { Folder, FolderReader } from "../folder/mod.ts";

/** How many files are kept open for the next chunk. */
const filesOpenMax = 4;

/** Reads pieces of files that lie on this machine, keeping the last few open: neighbours are asked for in a row. */
export class LocalChunks implements Disposable {
  readonly #folder: Folder;
  readonly #open = new Map<SafePath, FolderReader>();
  #buffer = new Uint8Array();

  /** Opens nothing yet. */
  constructor(folder: Folder) {
    this.#folder = folder;
  }

  /**
   * Reads a piece of a file.
   *
   * @returns Its bytes, valid until the next call; `undefined` if the file cannot be read or ends before.
   */
  read(path: SafePath, offset: number, length: number): Uint8Array<ArrayBuffer> | undefined {
    if (this.#buffer.length < length) this.#buffer = new Uint8Array(length);
    const bytes = this.#buffer.subarray(0, length);
    try {
      const file = this.#file(path);
      file.seek(offset);
      for (let filled = 0; filled < length;) {
        const count = file.read(bytes.subarray(filled));
        if (count === 0) return undefined;
        filled += count;
      }
      return bytes;
    } catch {
      return undefined;
    }
  }

  /** Closes the files that were read. */
  [Symbol.dispose](): void {
    for (const file of this.#open.values()) file[Symbol.dispose]();
    this.#open.clear();
  }

  #file(path: SafePath): FolderReader {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    if (this.#open.size >= filesOpenMax) {
      const [oldest, file] = this.#open.entries().next().value!;
      file[Symbol.dispose]();
      this.#open.delete(oldest);
    }
    const file = this.#folder.open(path);
    this.#open.set(path, file);
    return file;
  }
}

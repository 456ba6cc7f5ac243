/** How many files are kept open for the next chunk. */
const filesOpenMax = 4;

/** Reads pieces of files that lie on this machine, keeping the last few open: neighbours are asked for in a row. */
export class LocalChunks implements Disposable {
  readonly #open = new Map<string, Deno.FsFile>();
  #buffer = new Uint8Array();

  /**
   * Reads a piece of a file.
   *
   * @returns Its bytes, valid until the next call; `undefined` if the file cannot be read or ends before.
   */
  read(path: string, offset: number, length: number): Uint8Array<ArrayBuffer> | undefined {
    if (this.#buffer.length < length) this.#buffer = new Uint8Array(length);
    const bytes = this.#buffer.subarray(0, length);
    try {
      const file = this.#file(path);
      file.seekSync(offset, Deno.SeekMode.Start);
      for (let filled = 0; filled < length;) {
        const count = file.readSync(bytes.subarray(filled));
        if (count === null) return undefined;
        filled += count;
      }
      return bytes;
    } catch {
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }

  #file(path: string): Deno.FsFile {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    if (this.#open.size >= filesOpenMax) {
      const [oldest, file] = this.#open.entries().next().value!;
      file.close();
      this.#open.delete(oldest);
    }
    const file = Deno.openSync(path, { read: true });
    this.#open.set(path, file);
    return file;
  }
}

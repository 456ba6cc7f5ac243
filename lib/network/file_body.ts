/** Which part of a file is sent. */
export interface FileBodyOptions {
  /** First byte to send; 0 unless given. */
  readonly offset?: number;
  /** How many bytes to send. */
  readonly length: number;
}

/**
 * An open file, or a part of it, as the body of a response. The server reads it in large pieces and closes it, also if
 * the response is never sent.
 */
export class FileBody implements Disposable {
  /** First byte to send. */
  readonly offset: number;
  /** How many bytes to send. */
  readonly length: number;
  readonly #file: Deno.FsFile;
  #closed = false;

  constructor(file: Deno.FsFile, options: FileBodyOptions) {
    this.#file = file;
    this.offset = options.offset ?? 0;
    this.length = options.length;
  }

  /** Opens a whole file; throws what `Deno.open` throws. */
  static async open(path: string): Promise<FileBody> {
    const file = await Deno.open(path);
    try {
      return new FileBody(file, { length: (await file.stat()).size });
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** A part of this part, over the same open file: closing either closes both. */
  slice(offset: number, length: number): FileBody {
    return new FileBody(this.#file, { offset: this.offset + offset, length });
  }

  /** Places the file at the first byte. */
  async rewind(): Promise<void> {
    await this.#file.seek(this.offset, Deno.SeekMode.Start);
  }

  /** Reads on from where it is; `null` at the end of the file. */
  read(buffer: Uint8Array): Promise<number | null> {
    return this.#file.read(buffer);
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file.close();
  }
}

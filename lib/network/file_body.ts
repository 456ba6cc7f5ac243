/** Which part of a file is sent. */
export interface FileBodyOptions {
  /** First byte to send; 0 unless given. */
  readonly offset?: number;
  /** How many bytes to send. */
  readonly length: number;
}

/** Bytes of one piece when a file is iterated. */
const pieceBytes = 64 * 1024;

/**
 * An open file, or a part of it, as the body of a response. The server reads it in large pieces and closes it, also if
 * the response is never sent.
 */
export class FileBody implements Disposable, AsyncIterable<Uint8Array> {
  /** First byte to send. */
  readonly offset: number;
  /** How many bytes to send. */
  readonly length: number;
  readonly #file: Deno.FsFile;
  #position: number | undefined;

  /**
   * Reads nothing yet.
   *
   * @param file A file open for reading; from now on it belongs to the body, which closes it when disposed of.
   */
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

  /** A part of this part, over the same open file: closing either closes both, and they are read one after the other. */
  slice(offset: number, length: number): FileBody {
    return new FileBody(this.#file, { offset: this.offset + offset, length });
  }

  /**
   * Reads on from where the last call stopped.
   *
   * @returns How many bytes were read; 0 at the end of the part. Throws if the file has become shorter than the part.
   */
  async read(buffer: Uint8Array): Promise<number> {
    const position = this.#position ?? this.offset;
    const left = this.offset + this.length - position;
    if (left === 0) return 0;
    if (this.#position === undefined && await this.#file.seek(this.offset, Deno.SeekMode.Start) !== this.offset) {
      throw new Deno.errors.UnexpectedEof("The file has no such part");
    }
    const count = await this.#file.read(buffer.length > left ? buffer.subarray(0, left) : buffer);
    if (count === null) throw new Deno.errors.UnexpectedEof(`The file ended ${left} bytes early`);
    this.#position = position + count;
    return count;
  }

  /** The bytes, piece by piece; a piece is valid until the next step. Does not close the file. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    const buffer = new Uint8Array(pieceBytes);
    for (let count = await this.read(buffer); count > 0; count = await this.read(buffer)) {
      yield buffer.subarray(0, count);
    }
  }

  /** Closes the file; a second time does nothing. */
  [Symbol.dispose](): void {
    try {
      this.#file.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

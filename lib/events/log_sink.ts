/** Where bytes of a log end up: a file, a stream, a list in a test. */
export interface ByteTarget {
  /** Writes all of the bytes. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the writing. */
  close(): void | Promise<void>;
}

/** Where lines of a log go. Writing never waits and never fails. */
export interface LogSink extends AsyncDisposable {
  /** Takes one line, without its end. */
  write(line: string): void;
  /** Waits until every line taken so far was written. */
  flush(): Promise<void>;
}

/** Options of {@linkcode BufferedSink}. */
export interface BufferedSinkOptions {
  /** How much may wait to be written, in UTF-16 units; more is lost, and counted. 4 Mi unless told. */
  readonly pendingUnitsMax?: number;
  /** Writes the line that tells how many lines were lost; no line unless told. */
  readonly describeLoss?: (lines: number) => string;
}

/** How much is written at once, in UTF-16 units. */
export const logBatchUnitsMax = 64 * 1024;

const encoder = new TextEncoder();

/** Gathers lines and writes them in batches, one at a time: a slow or broken disk holds nobody up. */
export class BufferedSink implements LogSink {
  readonly #target: ByteTarget;
  readonly #pendingUnitsMax: number;
  readonly #describeLoss: ((lines: number) => string) | undefined;
  #lines: string[] = [];
  #units = 0;
  #lost = 0;
  #untold = 0;
  #writing: Promise<void> | undefined;

  /**
   * Writes nothing until the first line comes.
   *
   * @param target Where batches of lines go, one write after another.
   */
  constructor(target: ByteTarget, options: BufferedSinkOptions = {}) {
    this.#target = target;
    this.#pendingUnitsMax = options.pendingUnitsMax ?? 4 * 1024 * 1024;
    this.#describeLoss = options.describeLoss;
  }

  /** How many lines were lost, because too many waited or the target failed. */
  get lost(): number {
    return this.#lost;
  }

  write(line: string): void {
    if (this.#units + line.length > this.#pendingUnitsMax) return this.#lose(1);
    this.#lines.push(line);
    this.#units += line.length;
    this.#writing ??= this.#writeAll();
  }

  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Writes what is left and closes the target. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    await this.#target.close();
  }

  async #writeAll(): Promise<void> {
    // Lines of the same turn travel together.
    await null;
    while (this.#lines.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#target.write(encoder.encode(batch.join("\n") + "\n"));
      } catch {
        this.#lose(batch.length);
      }
    }
    this.#writing = undefined;
  }

  #takeBatch(): string[] {
    let count = 0;
    let units = 0;
    while (count < this.#lines.length && (count === 0 || units + this.#lines[count]!.length <= logBatchUnitsMax)) {
      units += this.#lines[count++]!.length;
    }
    const batch = this.#lines.splice(0, count);
    this.#units -= units;
    if (this.#untold === 0 || this.#describeLoss === undefined) return batch;
    const loss = this.#describeLoss(this.#untold);
    this.#untold = 0;
    return [loss, ...batch];
  }

  #lose(lines: number): void {
    this.#lost += lines;
    this.#untold += lines;
  }
}

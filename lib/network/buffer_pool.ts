/** Lends buffers of one size and takes them back, so that idle connections own none. */
export class BufferPool {
  readonly #size: number;
  readonly #keepMax: number;
  readonly #free: Uint8Array<ArrayBuffer>[] = [];

  /**
   * @param size Bytes of each buffer.
   * @param keepMax How many returned buffers to keep at most.
   */
  constructor(size: number, keepMax: number) {
    this.#size = size;
    this.#keepMax = keepMax;
  }

  /** A buffer that nobody else uses, with arbitrary content. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#free.pop() ?? new Uint8Array(this.#size);
  }

  /** Takes a buffer back; its borrower must not touch it again. */
  give(buffer: Uint8Array<ArrayBuffer>): void {
    if (this.#free.length < this.#keepMax) this.#free.push(buffer);
  }
}

/** Bytes that an idle connection waits with. */
export const smallBufferBytes: number = 4 * 1024;

/** What connections wait with. */
export const smallBuffers: BufferPool = new BufferPool(smallBufferBytes, 1024);
/** Bytes that are gathered before they are written. */
export const outputBufferBytes: number = 16 * 1024;
/** What responses and heads of requests are gathered in before they are written. */
export const outputBuffers: BufferPool = new BufferPool(outputBufferBytes, 256);
/** What large bodies are read into. */
export const largeBuffers: BufferPool = new BufferPool(256 * 1024, 64);

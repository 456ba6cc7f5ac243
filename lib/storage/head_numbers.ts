/** No number in the head of a frame needs more bytes than this. */
const numberBytesMax = 4;

/**
 * Reads the numbers in the head of a frame one after the other, varints in their shortest form. Heads that are not whole
 * yet are what a stream brings all the time, so the end of the bytes is no exception.
 */
export class HeadNumbers {
  readonly #bytes: Uint8Array;
  #offset: number;
  #unsound = false;

  /** @param offset Where the first number begins. */
  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  /** Where the next number begins. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether the last number could not be read for what it is, rather than for want of bytes. */
  get unsound(): boolean {
    return this.#unsound;
  }

  /** The next number; `undefined` if the bytes end before it does, or if it is longer than it need or may be. */
  next(): number | undefined {
    let value = 0;
    for (let i = 0; i < numberBytesMax; i++) {
      const byte = this.#bytes[this.#offset + i];
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) << (7 * i);
      if (byte >= 0x80) continue;
      this.#unsound = byte === 0 && i > 0;
      if (this.#unsound) return undefined;
      this.#offset += i + 1;
      return value;
    }
    this.#unsound = true;
    return undefined;
  }
}

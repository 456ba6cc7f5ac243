const encoder = new TextEncoder();

/** Builds binary data in a buffer that grows: varints (LEB128, as in Protocol Buffers), strings, little-endian numbers. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /**
   * Begins empty; the buffer doubles whenever it is full.
   *
   * @param capacity Bytes to reserve at the start.
   */
  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** How many bytes were written so far. */
  get length(): number {
    return this.#length;
  }

  /** Writes one byte. */
  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Writes an unsigned integer up to 2^53 - 1 as a varint of one to eight bytes. */
  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`Not an unsigned integer: ${value}`);
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Writes a signed integer from -2^52 to 2^52 - 1, zigzag encoded so that small ones of either sign are short. */
  signedVarint(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** Writes an unsigned 32-bit integer, little-endian. */
  uint32(value: number): void {
    this.#reserve(4);
    new DataView(this.#bytes.buffer).setUint32(this.#length, value, true);
    this.#length += 4;
  }

  /** Writes bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Writes the 2n hexadecimal digits of a hash as n bytes. */
  hex(digits: string): void {
    const count = digits.length / 2;
    this.#reserve(count);
    this.#bytes.subarray(this.#length, this.#length + count).setFromHex(digits);
    this.#length += count;
  }

  /** Writes a string: its length in bytes of UTF-8 as a varint, then the bytes. */
  string(text: string): void {
    const units = text.length;
    this.#reserve(8 + units * 3);
    if (units < 0x80 && this.#writeShortAscii(text)) return;
    const bytes = encoder.encode(text);
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** The bytes written so far; a view, valid until the next write. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** A copy of the bytes written so far. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** Forgets what was written, keeps the buffer. */
  reset(): void {
    this.#length = 0;
  }

  #writeShortAscii(text: string): boolean {
    const bytes = this.#bytes;
    const start = this.#length + 1;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) return false;
      bytes[start + i] = unit;
    }
    bytes[this.#length] = text.length;
    this.#length = start + text.length;
    return true;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What {@linkcode ByteReader} throws when the bytes end early or cannot be what was asked for. */
export class ByteReaderError extends Error {
  /** What logs and stack traces call it. */
  override readonly name = "ByteReaderError";
}

/**
 * Reads what {@linkcode ByteWriter} wrote. Every length is checked against what is there before anything is allocated.
 *
 * @throws {ByteReaderError} from every reading method, if the bytes end early or are malformed.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  /** Reads from the first byte on. The bytes are not copied, so they must not change meanwhile. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Where the next read begins. */
  get offset(): number {
    return this.#offset;
  }

  /** How many bytes are left. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** Reads one byte. */
  byte(): number {
    const value = this.#bytes[this.#offset];
    if (value === undefined) throw new ByteReaderError(`The data ends early, at byte ${this.#offset}`);
    this.#offset++;
    return value;
  }

  /** Reads an unsigned varint up to 2^53 - 1. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        if (byte === 0 && i > 0) {
          throw new ByteReaderError(`A number is written longer than needed before byte ${this.#offset}`);
        }
        return value;
      }
      scale *= 0x80;
    }
    throw new ByteReaderError(`A number is too large before byte ${this.#offset}`);
  }

  /** Reads a signed varint. */
  signedVarint(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Reads a count of things that take at least `bytesEach` bytes each, so that a false count cannot exhaust memory. */
  count(bytesEach: number): number {
    const count = this.varint();
    if (count * bytesEach > this.remaining) {
      throw new ByteReaderError(`The data ends early: ${count} items announced before byte ${this.#offset}`);
    }
    return count;
  }

  /** Reads an unsigned 32-bit integer, little-endian. */
  uint32(): number {
    const at = this.#take(4);
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + at, 4).getUint32(0, true);
  }

  /** Reads bytes; a view into the data, not a copy. */
  raw(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** Reads `count` bytes as hexadecimal digits. */
  hex(count: number): string {
    return this.raw(count).toHex();
  }

  /** Reads a string of UTF-8 with its length before it. */
  string(): string {
    const count = this.count(1);
    const at = this.#take(count);
    if (count < 24) {
      const short = this.#shortAscii(at, count);
      if (short !== undefined) return short;
    }
    try {
      return decoder.decode(this.#bytes.subarray(at, at + count));
    } catch {
      throw new ByteReaderError(`A text is not UTF-8 at byte ${at}`);
    }
  }

  #shortAscii(at: number, count: number): string | undefined {
    let text = "";
    for (let i = at; i < at + count; i++) {
      const byte = this.#bytes[i]!;
      if (byte >= 0x80) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #take(count: number): number {
    if (count > this.remaining) throw new ByteReaderError(`The data ends early, at byte ${this.#bytes.length}`);
    const at = this.#offset;
    this.#offset += count;
    return at;
  }
}

const noView = new DataView(new ArrayBuffer(0));

/**
 * Bytes that came once, to be known when they come again. They are compared four at a time; the view that this takes is
 * kept, since a connection reads into the same buffer again and again.
 */
export class KnownBytes {
  readonly #lengthMax: number;
  #view = noView;
  /** How many bytes are known; there may be room for more. */
  #length = 0;
  #compared: Uint8Array | undefined;
  #comparedView: DataView = noView;

  /** @param lengthMax Longer pieces are not remembered. */
  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax;
  }

  /** How many bytes are known; 0 if none are. */
  get length(): number {
    return this.#length;
  }

  /** Knows the bytes from `start` to `end` and no others; none if they are too many. */
  remember(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#length = length <= this.#lengthMax ? length : 0;
    if (this.#length === 0) return;
    if (this.#view.byteLength < length) this.#view = new DataView(new ArrayBuffer(length));
    new Uint8Array(this.#view.buffer).set(bytes.subarray(start, end));
  }

  /** Says whether there are known bytes, and they lie at `start`, all of them before `end`. */
  isAt(bytes: Uint8Array, start: number, end: number): boolean {
    const length = this.#length;
    if (length === 0 || end - start < length) return false;
    const known = this.#view;
    const view = this.#viewOf(bytes);
    let i = 0;
    for (; i + 4 <= length; i += 4) if (view.getInt32(start + i, true) !== known.getInt32(i, true)) return false;
    for (; i < length; i++) if (view.getUint8(start + i) !== known.getUint8(i)) return false;
    return true;
  }

  #viewOf(bytes: Uint8Array): DataView {
    if (this.#compared !== bytes) {
      this.#compared = bytes;
      this.#comparedView = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    return this.#comparedView;
  }
}

import { outputBufferBytes, outputBuffers } from "./buffer_pool.ts";
import type { DeadlineSweeper } from "./deadline_sweeper.ts";
import type { HttpTimeouts } from "./limits.ts";
import type { ByteConnection } from "./types.ts";

const encoder = new TextEncoder();
const noBytes: Uint8Array = new Uint8Array(0);
/** Up to this many characters a loop is done before the encoder of the platform has been called. */
const shortTextMax = 64;

/** What a {@linkcode ConnectionOutput} works with. */
export interface ConnectionOutputOptions {
  readonly sweeper: DeadlineSweeper;
  /** How long the other side may take none of what is written. */
  readonly timeouts: Pick<HttpTimeouts, "writeMs">;
}

/**
 * Gathers small pieces into one write and passes large ones on without a copy. It owns a buffer only while there is
 * something to be written.
 */
export class ConnectionOutput {
  readonly #connection: ByteConnection;
  readonly #options: ConnectionOutputOptions;
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  /** Bytes that never change, if they are all that was gathered: they are written from where they lie. */
  #constant: Uint8Array | undefined;
  #length = 0;
  /** What {@linkcode beginFlush} is writing, and the buffer that it lies in. */
  #leaving = noBytes;
  #leavingBuffer: Uint8Array<ArrayBuffer> | undefined;
  #deadline = Infinity;
  #total = 0;

  constructor(connection: ByteConnection, options: ConnectionOutputOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** How many bytes were gathered and not yet written. */
  get pending(): number {
    return this.#length;
  }

  /** How many bytes were handed to the connection. */
  get total(): number {
    return this.#total;
  }

  /** When the write that is under way has lasted too long. */
  get deadline(): number {
    return this.#deadline;
  }

  /** Gathers a text, if there is room for it. */
  putText(text: string): boolean {
    const buffer = this.#open();
    if (buffer.length - this.#length < text.length) return false;
    if (text.length <= shortTextMax && this.#putShort(text, buffer)) return true;
    const target = this.#length === 0 ? buffer : buffer.subarray(this.#length);
    const { read, written } = encoder.encodeInto(text, target);
    if (read < text.length) return false;
    this.#length += written;
    return true;
  }

  /** Gathers a short text for which there is room; leaves it to the encoder if it is not ASCII. */
  #putShort(text: string, buffer: Uint8Array): boolean {
    const start = this.#length;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return false;
      buffer[start + i] = unit;
    }
    this.#length = start + text.length;
    return true;
  }

  /** Gathers bytes, and more bytes behind them, if there is room for all of them. */
  putBytes(bytes: Uint8Array, more: Uint8Array = noBytes): boolean {
    const buffer = this.#open();
    if (buffer.length - this.#length < bytes.length + more.length) return false;
    buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    if (more.length > 0) buffer.set(more, this.#length);
    this.#length += more.length;
    return true;
  }

  /** Gathers bytes that never change, if there is room for them; they are copied only if others go with them. */
  putConstant(bytes: Uint8Array): boolean {
    if (this.#length > 0 || bytes.length > outputBufferBytes) return this.putBytes(bytes);
    this.#constant = bytes;
    this.#length = bytes.length;
    return true;
  }

  /** The buffer to gather in, with all that was gathered before. */
  #open(): Uint8Array<ArrayBuffer> {
    const buffer = this.#buffer ??= outputBuffers.take();
    if (this.#constant) buffer.set(this.#constant);
    this.#constant = undefined;
    return buffer;
  }

  /** Gathers a text of any length, writing what was gathered before if there is no room. */
  async writeText(text: string): Promise<void> {
    if (!this.putText(text)) await this.write(encoder.encode(text));
  }

  /**
   * Writes what was gathered and then `bytes`. What was gathered goes out in one piece with the beginning of `bytes`;
   * the rest is written from where it lies. Small bytes are only gathered.
   */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.putBytes(bytes)) return;
    const room = this.#length === 0 ? 0 : this.#buffer!.length - this.#length;
    this.putBytes(bytes.subarray(0, room));
    await this.flush();
    await this.#writeAll(bytes.subarray(room));
  }

  /** Writes what was gathered. */
  async flush(): Promise<void> {
    const buffer = this.#buffer;
    const bytes = this.#take();
    if (bytes.length > 0) {
      const count = await this.#writeSome(bytes);
      this.#written(count);
      if (count < bytes.length) await this.#writeAll(bytes.subarray(count));
    }
    if (buffer) outputBuffers.give(buffer);
  }

  /**
   * Does what {@linkcode flush} does, for a loop that turns a hundred thousand times a second: there is no promise but
   * that of the connection, and its value has to be handed to {@linkcode wrote}. Something must have been gathered.
   */
  beginFlush(): Promise<number> {
    this.#leavingBuffer = this.#buffer;
    this.#leaving = this.#take();
    return this.#writeSome(this.#leaving);
  }

  /** Ends what {@linkcode beginFlush} began; a promise if the connection has not taken all of it at once. */
  wrote(count: number): Promise<void> | undefined {
    const bytes = this.#leaving;
    const buffer = this.#leavingBuffer;
    this.#leaving = noBytes;
    this.#leavingBuffer = undefined;
    this.#written(count);
    if (count < bytes.length) return this.#writeAll(bytes.subarray(count));
    if (buffer) outputBuffers.give(buffer);
    return undefined;
  }

  /** Takes what was gathered, to write it. */
  #take(): Uint8Array {
    const bytes = this.#constant ?? this.#buffer?.subarray(0, this.#length) ?? noBytes;
    this.#constant = this.#buffer = undefined;
    this.#length = 0;
    return bytes;
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      const count = await this.#writeSome(rest);
      this.#written(count);
      rest = rest.subarray(count);
    }
  }

  #writeSome(bytes: Uint8Array): Promise<number> {
    this.#deadline = this.#options.sweeper.now + this.#options.timeouts.writeMs;
    return this.#connection.write(bytes);
  }

  #written(count: number): void {
    this.#deadline = Infinity;
    this.#total += count;
  }
}

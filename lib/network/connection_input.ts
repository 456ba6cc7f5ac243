import { largeBuffers, smallBufferBytes, smallBuffers } from "./buffer_pool.ts";
import type { ByteConnection } from "./types.ts";

/** How a {@linkcode ConnectionInput} is told to wait. */
export interface FillOptions {
  /** How many bytes are known to come; large numbers borrow a large buffer. */
  readonly expected: number;
  /** When to give up, by the sweeper's time. */
  readonly deadline: number;
}

/**
 * What was read from a connection and not yet taken. It waits with a small buffer of its own and borrows a large one
 * for large bodies; at most one read is under way.
 */
export class ConnectionInput {
  readonly #connection: ByteConnection;
  readonly #small = smallBuffers.take();
  #bytes: Uint8Array<ArrayBuffer> = this.#small;
  #start = 0;
  #end = 0;
  #ended = false;
  #pending: Promise<boolean> | undefined;
  /** Whether a read has the buffer. */
  #lent = false;
  #deadline = Infinity;
  #watching = false;

  constructor(connection: ByteConnection) {
    this.#connection = connection;
  }

  /** The buffer; what is not yet taken lies between {@linkcode start} and {@linkcode end}. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Where the bytes that are not yet taken begin. */
  get start(): number {
    return this.#start;
  }

  /** Where they end. */
  get end(): number {
    return this.#end;
  }

  /** Whether there is nothing to take. */
  get empty(): boolean {
    return this.#start === this.#end;
  }

  /** Whether the other side has closed its direction. */
  get ended(): boolean {
    return this.#ended;
  }

  /** When the read that is under way has lasted too long. */
  get deadline(): number {
    return this.#deadline;
  }

  /** Whether a read that {@linkcode fill} or {@linkcode watch} began is under way. */
  get filling(): boolean {
    return this.#pending !== undefined;
  }

  /** Sets the time by which the read that is under way must end. */
  expectBy(deadline: number): void {
    if (this.#pending) this.#deadline = deadline;
  }

  /** Takes bytes up to `at`, an index of the buffer. */
  takeTo(at: number): void {
    this.#start = at;
  }

  /**
   * Waits until there are more bytes. Views into the buffer are void afterwards.
   *
   * @returns `false` at the end of what the other side sends.
   */
  fill(options: FillOptions): Promise<boolean> {
    if (this.#ended) return Promise.resolve(false);
    this.#deadline = options.deadline;
    return this.#pending ??= this.#read(options.expected);
  }

  /**
   * Does what {@linkcode fill} does, for a loop that turns a hundred thousand times a second: there is no promise but
   * that of the connection, and its value has to be handed to {@linkcode arrived}. Nothing may be left to take, and no
   * read may be under way.
   */
  wait(deadline: number): Promise<number | null> {
    this.#deadline = deadline;
    return this.#begin(0);
  }

  /** Takes note of what a read has brought; says whether there are more bytes. */
  arrived(count: number | null): boolean {
    this.#lent = false;
    this.#deadline = Infinity;
    if (count === null) this.#ended = true;
    else this.#end += count;
    return count !== null;
  }

  /**
   * Reads bytes that go to `target` and nowhere else, first those that are here.
   *
   * @returns How many, at least one; 0 at the end of what the other side sends.
   */
  async readInto(target: Uint8Array, deadline: number): Promise<number> {
    this.#deadline = deadline;
    if (this.empty && this.#pending) await this.#pending;
    if (!this.empty) {
      const count = Math.min(target.length, this.#end - this.#start);
      target.set(this.#bytes.subarray(this.#start, this.#start + count));
      this.#start += count;
      return count;
    }
    if (this.#ended) return 0;
    const count = await this.#connection.read(target);
    this.#deadline = Infinity;
    if (count === null) this.#ended = true;
    return count ?? 0;
  }

  /**
   * Reads ahead while nobody waits for bytes, to learn that the other side is gone. Stops when the buffer is full. Nobody may hold
   * a view into the buffer meanwhile.
   *
   * @param onEnd Called once the other side has closed or the connection is broken.
   */
  async watch(onEnd: () => void): Promise<void> {
    this.#watching = true;
    try {
      while (this.#watching && !this.#ended && !this.#pending && this.#end < this.#bytes.length) {
        this.#pending = this.#read(smallBufferBytes);
        if (!await this.#pending) onEnd();
      }
    } catch {
      onEnd();
    }
  }

  /** Begins no further read ahead; one that is under way goes to whoever fills next. */
  unwatch(): void {
    this.#watching = false;
  }

  /** Gives both buffers back, for good: the connection is closed, and nothing can be read any more. */
  dispose(): void {
    this.release();
    // A read that was cut off may not yet have let go of the buffer.
    if (!this.#lent) smallBuffers.give(this.#small);
  }

  /** Gives a borrowed buffer back; whatever it holds is lost. */
  release(): void {
    if (this.#bytes !== this.#small) largeBuffers.give(this.#bytes);
    this.#bytes = this.#small;
    this.#start = this.#end = 0;
  }

  async #read(expected: number): Promise<boolean> {
    try {
      return this.arrived(await this.#begin(expected));
    } finally {
      this.#pending = undefined;
      this.#deadline = Infinity;
    }
  }

  #begin(expected: number): Promise<number | null> {
    if (this.#start === this.#end) this.#choose(expected);
    this.#lent = true;
    return this.#connection.read(this.#room(expected));
  }

  /** Where to read to: in a large buffer no further than expected, so that it is free again when the body is read. */
  #room(expected: number): Uint8Array {
    const bytes = this.#bytes;
    if (bytes !== this.#small) return bytes.subarray(this.#end, Math.min(bytes.length, this.#end + expected));
    return this.#end === 0 ? bytes : bytes.subarray(this.#end);
  }

  #choose(expected: number): void {
    this.#start = this.#end = 0;
    const wantsLarge = expected > smallBufferBytes;
    if (wantsLarge === (this.#bytes !== this.#small)) return;
    if (wantsLarge) this.#bytes = largeBuffers.take();
    else this.release();
  }
}

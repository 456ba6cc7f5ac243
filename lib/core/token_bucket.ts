/** What a {@linkcode TokenBucket} holds and how fast it fills. */
export interface TokenBucketOptions {
  /** How many tokens it gets a second. */
  readonly perSecond: number;
  /** How many it holds at most: what may be taken at once after a rest. */
  readonly capacity: number;
}

/**
 * A bucket that fills at a steady rate. One may take more than is in it, and then has to wait until what is missing has
 * flowed in: so whoever comes next waits behind, and over any time no more goes out than flows in, plus one capacity.
 * It knows no clock: times are handed in.
 *
 * @example
 * ```ts
 * import { TokenBucket } from "./token_bucket.ts";
 * import { assertEquals } from "@std/assert";
 * const bucket = new TokenBucket({ perSecond: 1000, capacity: 100 });
 * assertEquals([bucket.take(100, 0), bucket.take(50, 0), bucket.take(50, 0)], [0, 50, 100]);
 * assertEquals(bucket.take(10, 200), 0);
 * ```
 */
export class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #tokens: number;
  #filledAtMs: number | undefined;

  /**
   * Begins full.
   *
   * @throws {RangeError} if a number is not positive.
   */
  constructor({ perSecond, capacity }: TokenBucketOptions) {
    if (!(perSecond > 0 && capacity > 0)) throw new RangeError(`A bucket needs a rate and room, got ${perSecond}`);
    this.#perMs = perSecond / 1000;
    this.#capacity = capacity;
    this.#tokens = capacity;
  }

  /**
   * Takes tokens.
   *
   * @param nowMs The time; it must not run backwards.
   * @returns How long to wait before they may be used, in milliseconds.
   */
  take(count: number, nowMs: number): number {
    const passedMs = Math.max(0, nowMs - (this.#filledAtMs ?? nowMs));
    this.#filledAtMs = nowMs;
    this.#tokens = Math.min(this.#capacity, this.#tokens + passedMs * this.#perMs) - count;
    return this.#tokens >= 0 ? 0 : -this.#tokens / this.#perMs;
  }

  /** Puts tokens back that were taken and not used. */
  giveBack(count: number): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + count);
  }
}

import { type Clock, systemClock } from "./clock.ts";
import { TokenBucket } from "./token_bucket.ts";

/** Options of a {@linkcode RateLimiter}. */
export interface RateLimiterOptions {
  /** How many bytes may pass a second. */
  readonly bytesPerSecond: number;
  /** Where the time comes from; the system unless given. */
  readonly clock?: Pick<Clock, "monotonic">;
  /** Calls back once, later, unless disposed of before; the system's timers unless given. */
  readonly after?: (ms: number, callback: () => void) => Disposable;
}

/** A piece takes this long to pass, in milliseconds: short enough for a rate that looks steady. */
const pieceMs = 50;
/** Larger pieces are not needed at any rate. */
const pieceBytesMax = 64 * 1024;

/** Lets bytes pass at no more than a rate. Several may share one: they get on in the order in which they came. */
export class RateLimiter {
  /** The largest piece that should be passed at once. */
  readonly pieceBytes: number;
  readonly #bucket: TokenBucket;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #after: (ms: number, callback: () => void) => Disposable;

  /**
   * Lets the first piece pass at once.
   *
   * @throws {RangeError} if the rate is not positive.
   */
  constructor({ bytesPerSecond, clock = systemClock, after = afterTimeout }: RateLimiterOptions) {
    this.pieceBytes = Math.max(1, Math.min(pieceBytesMax, Math.floor(bytesPerSecond * pieceMs / 1000)));
    this.#bucket = new TokenBucket({ perSecond: bytesPerSecond, capacity: this.pieceBytes });
    this.#clock = clock;
    this.#after = after;
  }

  /**
   * Waits until so many bytes may pass.
   *
   * @param signal Ends the wait; what was asked for counts as passed all the same.
   * @throws the reason of the signal.
   */
  async pass(bytes: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const waitMs = this.#bucket.take(bytes, this.#clock.monotonic());
    if (waitMs === 0) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => reject(signal?.reason);
    using _timer = this.#after(waitMs, resolve);
    signal?.addEventListener("abort", abort);
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Takes note that bytes which were passed were not sent after all. */
  giveBack(bytes: number): void {
    this.#bucket.giveBack(bytes);
  }
}

function afterTimeout(ms: number, callback: () => void): Disposable {
  const timer = setTimeout(callback, ms);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

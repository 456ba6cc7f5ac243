/** Lets at most `permits` holders in at a time; the others wait in the order they came. */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /**
   * Begins with every permit free.
   *
   * @param permits How many may hold it at once; at least 1.
   * @throws {RangeError} if it is not a whole number from 1 on.
   */
  constructor(permits: number) {
    if (!Number.isInteger(permits) || permits < 1) throw new RangeError(`A semaphore needs a permit, got ${permits}`);
    this.#free = permits;
  }

  /** Waits for a permit; it is given back when the returned value is disposed of. */
  async acquire(): Promise<Disposable> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        const next = this.#waiting.shift();
        if (next) next();
        else this.#free++;
      },
    };
  }
}

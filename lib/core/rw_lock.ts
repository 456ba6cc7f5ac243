interface Waiter {
  readonly kind: "read" | "write";
  readonly enter: () => void;
}

/**
 * An asynchronous reader-writer lock: many readers, or one writer. It is fair: who waits enters in the order
 * of arrival, and nobody overtakes, so a stream of readers cannot keep a writer out, nor the other way round. Readers
 * that wait next to one another enter together.
 *
 * It is not re-entrant: whoever holds it and asks again waits for itself.
 *
 * @example
 * ```ts
 * import { RwLock } from "./rw_lock.ts";
 * const lock = new RwLock();
 * {
 *   using _ = await lock.read();
 *   using _other = await lock.read();
 * }
 * using _writer = await lock.write();
 * ```
 */
export class RwLock {
  #readers = 0;
  #writing = false;
  /** Those who wait, in the order of arrival, from `#next` on. */
  #waiting: Waiter[] = [];
  #next = 0;

  /** Waits until no writer is in and none waits; given back when the returned value is disposed of. */
  async read(): Promise<Disposable> {
    if (this.#writing || this.#isQueued) await this.#wait("read");
    else this.#readers++;
    return release(() => {
      this.#readers--;
      this.#admit();
    });
  }

  /** Waits until nobody is in; given back when the returned value is disposed of. */
  async write(): Promise<Disposable> {
    if (this.#writing || this.#readers > 0 || this.#isQueued) await this.#wait("write");
    else this.#writing = true;
    return release(() => {
      this.#writing = false;
      this.#admit();
    });
  }

  get #isQueued(): boolean {
    return this.#next < this.#waiting.length;
  }

  #wait(kind: Waiter["kind"]): Promise<void> {
    return new Promise((enter) => this.#waiting.push({ kind, enter }));
  }

  /** Lets in whoever is first, and after a reader every reader behind it up to the next writer. */
  #admit(): void {
    while (this.#isQueued && !this.#writing) {
      const { kind, enter } = this.#waiting[this.#next]!;
      if (kind === "write" && this.#readers > 0) return;
      this.#next++;
      // Counted here and not when the promise settles: in between, others may ask.
      if (kind === "write") this.#writing = true;
      else this.#readers++;
      enter();
    }
    if (!this.#isQueued) {
      this.#waiting = [];
      this.#next = 0;
    }
  }
}

/** Something that is given back once, however often it is disposed of. */
function release(giveBack: () => void): Disposable {
  let held = true;
  return {
    [Symbol.dispose]: () => {
      if (!held) return;
      held = false;
      giveBack();
    },
  };
}

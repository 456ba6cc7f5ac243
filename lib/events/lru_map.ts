/** A map that holds a bounded number of entries: a new one takes the place of the one that was not set for longest. */
export class LruMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #max: number;

  /** @param max How many entries it holds at most. */
  constructor(max: number) {
    this.#max = max;
  }

  /** The value of a key. */
  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** Sets the value of a key and makes it the newest. */
  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#max) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  /** All values, the newest last. */
  values(): readonly V[] {
    return [...this.#entries.values()];
  }

  /** All entries, the newest last. */
  entries(): readonly (readonly [K, V])[] {
    return [...this.#entries.entries()];
  }
}

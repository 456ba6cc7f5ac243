const capacityMin = 16;

/** First in, first out, in constant time: an array that wraps around and doubles when it is full. */
export class Ring<T> {
  #slots: (T | undefined)[] = new Array(capacityMin);
  #head = 0;
  #size = 0;

  /** How many values it holds. */
  get size(): number {
    return this.#size;
  }

  /** Puts a value at the end. */
  push(value: T): void {
    if (this.#size === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.#size) & (this.#slots.length - 1)] = value;
    this.#size++;
  }

  /** Takes the value at the front; `undefined` if there is none. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const value = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#size--;
    return value;
  }

  /** The value `index` places behind the front; `undefined` if there is none. */
  at(index: number): T | undefined {
    return index < 0 || index >= this.#size ? undefined : this.#slots[(this.#head + index) & (this.#slots.length - 1)];
  }

  #grow(): void {
    const length = this.#slots.length;
    const slots: (T | undefined)[] = new Array(length * 2);
    for (let i = 0; i < length; i++) slots[i] = this.#slots[(this.#head + i) & (length - 1)];
    this.#slots = slots;
    this.#head = 0;
  }
}

import { Ring } from "./ring.ts";

/** The most priorities: one bit of a number for each. */
export const prioritiesMax = 32;

/** Values in order of priority, and first in first out within one; every operation takes constant time. */
export class PriorityRings<T> {
  readonly #rings: readonly Ring<T>[];
  #occupied = 0;
  #size = 0;

  /** @param priorities How many there are, from 1 to {@linkcode prioritiesMax}. */
  constructor(priorities: number) {
    if (!Number.isInteger(priorities) || priorities < 1 || priorities > prioritiesMax) {
      throw new RangeError(`A queue has 1 to ${prioritiesMax} priorities, not ${priorities}`);
    }
    this.#rings = Array.from({ length: priorities }, () => new Ring<T>());
  }

  /** How many values it holds. */
  get size(): number {
    return this.#size;
  }

  /** The lowest priority that has a value; `-1` if none has. */
  get lowest(): number {
    return this.#occupied === 0 ? -1 : 31 - Math.clz32(this.#occupied & -this.#occupied);
  }

  /** Puts a value behind all of its priority. */
  push(value: T, priority: number): void {
    const ring = this.#rings[priority];
    if (ring === undefined) {
      throw new RangeError(`A priority is a whole number from 0 to ${this.#rings.length - 1}, not ${priority}`);
    }
    ring.push(value);
    this.#occupied |= 1 << priority;
    this.#size++;
  }

  /** Takes the oldest value of the highest priority; `undefined` if there is none. */
  shift(): T | undefined {
    return this.#occupied === 0 ? undefined : this.shiftFrom(31 - Math.clz32(this.#occupied));
  }

  /** Takes the oldest value of one priority; `undefined` if there is none. */
  shiftFrom(priority: number): T | undefined {
    const ring = this.#rings[priority];
    if (ring === undefined || ring.size === 0) return undefined;
    const value = ring.shift();
    if (ring.size === 0) this.#occupied &= ~(1 << priority);
    this.#size--;
    return value;
  }
}

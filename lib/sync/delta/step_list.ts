import type { DeltaStep } from "./delta.ts";

/** What of a chunk was found in old ones. */
export interface FoundSteps {
  /** How to make it. */
  readonly steps: readonly DeltaStep[];
  /** How many of its bytes are taken over. */
  readonly foundBytes: number;
}

/** Collects how to make a chunk, from its start on; joins what goes on where the last step ended. */
export class StepList {
  readonly #chunk: Uint8Array;
  readonly #steps: DeltaStep[] = [];
  #done = 0;
  #foundBytes = 0;

  /**
   * Begins with no step.
   *
   * @param chunk The bytes to be made.
   */
  constructor(chunk: Uint8Array) {
    this.#chunk = chunk;
  }

  /** Notes that the bytes from `start` to `end` are those of some units; what lies before them is brought along. */
  take(start: number, end: number, { from, count }: { readonly from: number; readonly count: number }): void {
    const last = this.#steps.at(-1);
    if (start > this.#done) this.#steps.push({ literal: this.#chunk.subarray(this.#done, start) });
    else if (last !== undefined && "from" in last && last.from + last.count === from) {
      this.#steps[this.#steps.length - 1] = { from: last.from, count: last.count + count };
      return this.#found(start, end);
    }
    this.#steps.push({ from, count });
    this.#found(start, end);
  }

  /** All steps; what lies behind the last one is brought along. */
  finish(): FoundSteps {
    if (this.#done < this.#chunk.length) this.#steps.push({ literal: this.#chunk.subarray(this.#done) });
    this.#done = this.#chunk.length;
    return { steps: this.#steps, foundBytes: this.#foundBytes };
  }

  #found(start: number, end: number): void {
    this.#foundBytes += end - start;
    this.#done = end;
  }
}

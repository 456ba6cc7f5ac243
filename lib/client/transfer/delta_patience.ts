/** How many times at most nothing is tried after a failure. */
const restsMax = 15;

/**
 * Says when to try deltas: always while they pay, and more and more seldom while they do not, since data that was made
 * anew altogether, such as an archive, is much like nothing.
 */
export class DeltaPatience {
  #rests = 0;
  #left = 0;

  /** Whether to try now. */
  tries(): boolean {
    if (this.#left === 0) return true;
    this.#left--;
    return false;
  }

  /** Takes in whether a try paid. */
  learn(paid: boolean): void {
    this.#rests = paid ? 0 : Math.min(restsMax, 2 * this.#rests + 1);
    this.#left = this.#rests;
  }
}

import type { Clock } from "../core/mod.ts";

/** The value of `Date` (RFC 9110 section 6.6.1), written anew once a second. */
export class DateCache {
  readonly #clock: Clock;
  #until = -Infinity;
  #text = "";

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The time as an IMF-fixdate. */
  get text(): string {
    const now = this.#clock.now();
    if (now >= this.#until || now < this.#until - 1000) {
      this.#until = Math.floor(now / 1000) * 1000 + 1000;
      this.#text = new Date(now).toUTCString();
    }
    return this.#text;
  }
}

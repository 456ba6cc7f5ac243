import type { Clock } from "../core/mod.ts";
import type { Expiring } from "./deadline_sweeper.ts";

/** The value of `Date` (RFC 9110 section 6.6.1), written anew whenever the sweep comes by. */
export class DateCache implements Expiring {
  readonly #clock: Clock;
  #text = "";

  constructor(clock: Clock) {
    this.#clock = clock;
    this.expire();
  }

  /** The time as an IMF-fixdate. */
  get text(): string {
    return this.#text;
  }

  /** Reads the clock again. */
  expire(): void {
    this.#text = new Date(this.#clock.now()).toUTCString();
  }
}

/** What an answer depends on beside the response and the date. */
export interface AnswerOptions {
  readonly method: string;
  /** Minor version of the request. */
  readonly minor: 0 | 1;
  /** Whether the connection is kept afterwards. */
  readonly keepAlive: boolean;
}

const encoder = new TextEncoder();

/**
 * The last answer that began in one way: status, date, and fields are those of the start that it belongs to. An answer
 * that is given again is the same bytes, head and body; they are made when it comes twice in a row, so that answers
 * which differ each time cost no more than a comparison.
 */
export class LastAnswer {
  #body: string | undefined;
  #minor: 0 | 1 = 1;
  #keepAlive = false;
  #bytes: Uint8Array | undefined;

  /** All bytes of the answer, if it is the one that was noted twice. */
  find(body: string, options: AnswerOptions): Uint8Array | undefined {
    return this.#bytes !== undefined && this.#isLast(body, options) && options.method !== "HEAD"
      ? this.#bytes
      : undefined;
  }

  /** Notes an answer that is sent with its body; `format` gives all of it. */
  note(body: string, options: AnswerOptions, format: () => string): void {
    if (this.#isLast(body, options)) {
      this.#bytes = encoder.encode(format());
      return;
    }
    this.#body = body;
    this.#minor = options.minor;
    this.#keepAlive = options.keepAlive;
    this.#bytes = undefined;
  }

  #isLast(body: string, options: AnswerOptions): boolean {
    return this.#body === body && this.#keepAlive === options.keepAlive && this.#minor === options.minor;
  }
}

import { FileBody, type HttpResponse, utf8Length } from "../network/mod.ts";

/**
 * Tells when a response has been handed to the network, and how many bytes its body had: at once for a body that is there,
 * or is read from a file by the network itself; at the end for one that comes piece by piece, also if it is let go of
 * before.
 *
 * @param onEnd Called once, with the bytes of the body.
 * @returns The response to send instead.
 */
export function observedResponse(response: HttpResponse, onEnd: (bytes: number) => void): HttpResponse {
  const { body } = response;
  if (body === undefined) onEnd(0);
  else if (typeof body === "string") onEnd(utf8Length(body));
  else if (body instanceof Uint8Array || body instanceof FileBody) onEnd(body.length);
  else return { ...response, body: new CountedPieces(body[Symbol.asyncIterator](), onEnd) };
  return response;
}

/** Pieces on their way, counted. No generator: one that has not begun does not hear that it is let go of. */
class CountedPieces implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #onEnd: ((bytes: number) => void) | undefined;
  #bytes = 0;

  constructor(pieces: AsyncIterator<Uint8Array>, onEnd: (bytes: number) => void) {
    this.#pieces = pieces;
    this.#onEnd = onEnd;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      const step = await this.#pieces.next();
      if (step.done) return this.#end();
      this.#bytes += step.value.length;
      return step;
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      await this.#pieces.return?.();
    } finally {
      this.#end();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): IteratorResult<Uint8Array, undefined> {
    this.#onEnd?.(this.#bytes);
    this.#onEnd = undefined;
    return { done: true, value: undefined };
  }
}

/** The signals that ask a program to end, on this platform. */
const endingSignals: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

/**
 * Waits for the user, or the system, to ask this program to end. From the moment it is made the signals no longer end the
 * program at once; after the first of them, or once it is disposed of, they do again.
 */
export class SignalWatch implements Disposable {
  /** The first signal that comes. */
  readonly received: Promise<Deno.Signal>;
  #listeners: readonly (readonly [Deno.Signal, () => void])[] = [];

  constructor() {
    const { promise, resolve } = Promise.withResolvers<Deno.Signal>();
    this.received = promise;
    this.#listeners = endingSignals.map((signal) => {
      const listener = (): void => {
        this[Symbol.dispose]();
        resolve(signal);
      };
      Deno.addSignalListener(signal, listener);
      return [signal, listener] as const;
    });
  }

  [Symbol.dispose](): void {
    for (const [signal, listener] of this.#listeners) Deno.removeSignalListener(signal, listener);
    this.#listeners = [];
  }
}

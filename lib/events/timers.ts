/** Where waiting comes from; tests hand in their own and let time pass at will. */
export interface Timers {
  /**
   * Calls back once, later.
   *
   * @param ms How long to wait, in milliseconds.
   * @returns Disposing of it cancels the call.
   */
  after(ms: number, callback: () => void): Disposable;
}

/** The timers of this machine. */
export const systemTimers: Timers = {
  after(ms: number, callback: () => void): Disposable {
    const id = setTimeout(callback, ms);
    return { [Symbol.dispose]: () => clearTimeout(id) };
  },
};

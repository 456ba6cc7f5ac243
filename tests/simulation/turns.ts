/** Lets everything run that waits for nothing but its turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Makes whoever sets a timer only to let others have their turn wait for no more than that, in the order in which they
 * came: so a run is fast, and the same each time.
 *
 * @returns What puts the timers back that there were.
 */
export function quickTurns(): Disposable {
  const { setTimeout } = globalThis;
  const quick = new Proxy(setTimeout, {
    apply: (target, self, given: Parameters<typeof setTimeout>) => {
      const [callback, delay = 0] = given;
      return delay > 0 ? Reflect.apply(target, self, given) : setImmediate(callback);
    },
  });
  globalThis.setTimeout = quick;
  return {
    [Symbol.dispose]: () => {
      globalThis.setTimeout = setTimeout;
    },
  };
}

/**
 * A port with some of its methods exchanged.
 *
 * @param port What all other methods are of.
 */
export function withMethods<T extends object>(port: T, methods: Partial<T>): T {
  return new Proxy(port, {
    get: (target, key) => {
      const own: unknown = Reflect.get(methods, key);
      const value: unknown = own ?? Reflect.get(target, key);
      return own === undefined && typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/**
 * A port that tells of each call before it is made.
 *
 * @param before Called before each call. If it gives a promise, the call is made when that resolves; only for calls that
 * give a promise themselves.
 */
export function withCalls<T extends object>(port: T, before: (method: string) => Promise<void> | void): T {
  return new Proxy(port, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      return (...given: unknown[]): unknown => {
        const pause = before(String(key));
        return pause === undefined ? value.apply(target, given) : pause.then(() => value.apply(target, given));
      };
    },
  });
}

/** Leaves a port as it is. */
export function asIs<T>(port: T): T {
  return port;
}

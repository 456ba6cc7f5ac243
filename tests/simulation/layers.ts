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

/** A port that tells of each call before it is made. */
export function withCalls<T extends object>(port: T, before: (method: string) => void): T {
  return new Proxy(port, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      return (...given: unknown[]): unknown => {
        before(String(key));
        return value.apply(target, given);
      };
    },
  });
}

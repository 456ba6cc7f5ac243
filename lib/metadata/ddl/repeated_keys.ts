import type { Entry } from "./ast.ts";

/** Up to this many keys, comparing each with each is faster than a table. */
export const comparedMax = 12;

/** Finds the entry with a key among a few. */
export function sameKey(entries: readonly Entry[], key: string): Entry | undefined {
  for (const entry of entries) {
    if (entry.key === key) return entry;
  }
  return undefined;
}

/** Finds keys that come twice in a mapping with many keys, in linear time. */
export class RepeatedKeys {
  readonly #seen: Map<string, Entry>;

  constructor(entries: readonly Entry[]) {
    this.#seen = new Map(entries.map((entry) => [entry.key, entry]));
  }

  /**
   * Adds an entry.
   *
   * @returns The earlier entry with the same key, if there is one; then nothing is added.
   */
  add(entry: Entry): Entry | undefined {
    const earlier = this.#seen.get(entry.key);
    if (earlier === undefined) this.#seen.set(entry.key, entry);
    return earlier;
  }
}

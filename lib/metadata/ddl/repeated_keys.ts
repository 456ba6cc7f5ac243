import type { Entry } from "./ast.ts";

/** Up to this many keys, comparing each with each is faster than a set. */
const comparedMax = 12;

/** Finds keys that come twice in a mapping, in linear time however many there are. */
export class RepeatedKeys {
  #seen: Map<string, Entry> | undefined;

  /**
   * Looks a key up among the entries so far. It must be called once for each entry, before that is added.
   *
   * @returns The earlier entry with the same key, if there is one.
   */
  find(entries: readonly Entry[], key: string): Entry | undefined {
    if (entries.length < comparedMax) {
      for (const entry of entries) {
        if (entry.key === key) return entry;
      }
      return undefined;
    }
    this.#seen ??= new Map();
    for (let at = this.#seen.size; at < entries.length; at++) {
      const entry = entries[at];
      if (entry !== undefined) this.#seen.set(entry.key, entry);
    }
    return this.#seen.get(key);
  }
}

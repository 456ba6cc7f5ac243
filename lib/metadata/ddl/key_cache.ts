const slots = 64;

/** Keeps one string for each of the few names that come again and again as keys. */
export class KeyCache {
  readonly #keys: string[] = new Array<string>(slots).fill("");

  /** Gives the part of a text between two offsets, without cutting it out anew if it was stored before. */
  find(source: string, start: number, end: number): string | undefined {
    const key = this.#keys[slot(source, start, end)] ?? "";
    return key.length === end - start && source.startsWith(key, start) ? key : undefined;
  }

  /** Stores the part of a text between two offsets, and gives it. */
  store(source: string, start: number, end: number): string {
    const key = source.slice(start, end);
    this.#keys[slot(source, start, end)] = key;
    return key;
  }
}

/** A place for a name, by its first and last character and its length. */
function slot(source: string, start: number, end: number): number {
  return (source.charCodeAt(start) * 7 + source.charCodeAt(end - 1) + (end - start) * 5) % slots;
}

/** Remembers where each name was given first. A single name, the usual case, costs no table. */
export class FirstPlaces {
  #name: string | undefined;
  #place = 0;
  #others: Map<string, number> | undefined;

  /**
   * Adds a name with its place.
   *
   * @returns The place at which the same name was given before, or `undefined` if it is new.
   */
  add(name: string, place: number): number | undefined {
    if (this.#name === undefined) {
      this.#name = name;
      this.#place = place;
      return undefined;
    }
    if (this.#name === name) return this.#place;
    this.#others ??= new Map();
    const earlier = this.#others.get(name);
    if (earlier === undefined) this.#others.set(name, place);
    return earlier;
  }
}

/**
 * Members that come and go by the thousand, in no order. Each gets the number of a slot, by which it is taken out again.
 *
 * A `Set` in its place makes garbage live long: a table that it has outgrown leads to the next one, so that all members
 * of all later tables stay as long as the oldest one that the collector has moved among the long-lived objects.
 */
export class SlotList<Member extends object> implements Iterable<Member> {
  readonly #slots: (Member | undefined)[] = [];
  readonly #free: number[] = [];

  /** How many members there are. */
  get size(): number {
    return this.#slots.length - this.#free.length;
  }

  /** Takes a member in; gives the number of its slot. */
  add(member: Member): number {
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = member;
    return slot;
  }

  /** Takes the member out of a slot, once; the number may then be given to another. */
  delete(slot: number): void {
    this.#slots[slot] = undefined;
    this.#free.push(slot);
  }

  /** The members; one that comes or goes meanwhile may be among them or not. */
  *[Symbol.iterator](): Iterator<Member> {
    for (const member of this.#slots) if (member !== undefined) yield member;
  }
}

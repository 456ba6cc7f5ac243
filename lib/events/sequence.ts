/** Where the ids of events come from. */
export interface Sequence {
  /** The next id: a whole number larger than every one before it. */
  next(): number;
}

/** Counts up by one. @param first The first id it gives. */
export function countingSequence(first = 1): Sequence {
  let last = first - 1;
  return { next: () => ++last };
}

/** Where the ids of events come from. */
export interface Sequence {
  /** The next id: a whole number larger than every one before it. */
  next(): number;
  /** Takes ids that follow one another without a hole. @returns The first of them. */
  take(count: number): number;
}

/** Counts up by one. @param first The first id it gives. */
export function countingSequence(first = 1): Sequence {
  let last = first - 1;
  return {
    next: () => ++last,
    take: (count) => {
      last += count;
      return last - count + 1;
    },
  };
}

/**
 * When a file was last modified, as exactly as file systems keep it: to the nanosecond, in two whole numbers, as one number
 * of nanoseconds since 1970 would not fit JavaScript's.
 */
export interface FileTime {
  /** Milliseconds since 1970-01-01T00:00:00Z, a whole number, negative before that. */
  readonly mtimeMs: number;
  /**
   * Nanoseconds after that, 0 to 999,999; none unless told. Whatever is read or copied leaves a rest of 0 off, so that
   * two times that are the same look the same: {@linkcode fileTime} and {@linkcode timeOf} do so.
   */
  readonly mtimeRestNs?: number | undefined;
}

/** How many nanoseconds a millisecond has: what {@linkcode FileTime.mtimeRestNs} is below. */
export const nsPerMs = 1_000_000;

/** A time in the form that is compared field by field: without a rest where that is 0. */
export function fileTime(mtimeMs: number, mtimeRestNs = 0): FileTime {
  return mtimeRestNs === 0 ? { mtimeMs } : { mtimeMs, mtimeRestNs };
}

/** The time of what has one, and nothing else of it. */
export function timeOf({ mtimeMs, mtimeRestNs }: FileTime): FileTime {
  return fileTime(mtimeMs, mtimeRestNs);
}

/** Says whether two times are the same to the nanosecond. */
export function sameTime(a: FileTime, b: FileTime): boolean {
  return a.mtimeMs === b.mtimeMs && (a.mtimeRestNs ?? 0) === (b.mtimeRestNs ?? 0);
}

/**
 * Which of two times is later.
 *
 * @returns A negative number if the second is, a positive one if the first is, 0 if they are the same.
 */
export function compareTimes(a: FileTime, b: FileTime): number {
  return a.mtimeMs - b.mtimeMs || (a.mtimeRestNs ?? 0) - (b.mtimeRestNs ?? 0);
}

/** One mistake in metadata that came as JSON. */
export interface JsonProblem {
  /** Where: a JSON pointer (RFC 6901) to the value; to the object where a member is missing. */
  readonly pointer: string;
  /** What is wrong, as a sentence without a full stop. */
  readonly message: string;
  /** What would have been right there. */
  readonly expected?: string;
  /** Line of the text, from 1, where the text is no JSON at all. */
  readonly line?: number;
  /** Column in UTF-16 code units, from 1, likewise. */
  readonly column?: number;
}

/** How many mistakes of one body are told. */
export const jsonProblemsMax = 1000;

/** A member of an object as part of a JSON pointer. */
export function pointerTo(base: string, member: string | number): string {
  return `${base}/${String(member).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

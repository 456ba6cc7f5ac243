import { diagnosticsMax } from "./limits.ts";

/**
 * The kinds of mistakes. The first group is found by the lexer, the second names parts of YAML outside the language,
 * the third is found by the parser, the fourth by the schema pass.
 */
export type ProblemCode =
  | "tab"
  | "carriage-return"
  | "control-character"
  | "byte-order-mark"
  | "unterminated-string"
  | "escape"
  | "number"
  | "word"
  | "timestamp"
  | "plain-text"
  | "key"
  | "trailing-text"
  | "nesting"
  | "alignment"
  // Parts of YAML that are outside.
  | "anchor"
  | "alias"
  | "tag"
  | "flow-collection"
  | "block-scalar"
  | "directive"
  | "document-end"
  | "complex-key"
  | "merge-key"
  | "reserved-character"
  // Structure.
  | "indentation"
  | "mixed-block"
  | "empty-item"
  | "duplicate-key"
  // Schema.
  | "unknown-key"
  | "missing-key"
  | "type"
  | "range"
  | "value"
  | "hash"
  | "time"
  | "path"
  | "duplicate-path"
  | "duplicate-replica"
  | "too-many";

/** One mistake, by offsets into the text. */
export interface Problem {
  /** Which kind of mistake. */
  readonly code: ProblemCode;
  /** What is wrong, as a sentence without a full stop. */
  readonly message: string;
  /** Offset of the first code unit concerned. */
  readonly start: number;
  /** Offset behind the last one; equal to `start` where something is missing. */
  readonly end: number;
  /** What would have been right there. */
  readonly expected?: string;
  /** What to do. */
  readonly hint?: string;
  /** Offset of an earlier place that this one contradicts. */
  readonly related?: number;
}

/** Gathers the mistakes of one text, up to a limit. */
export class ProblemList {
  readonly #problems: Problem[] = [];
  readonly #max: number;

  constructor(max: number = diagnosticsMax) {
    this.#max = max;
  }

  /** Whether the limit is reached; reading stops then. */
  get full(): boolean {
    return this.#problems.length >= this.#max;
  }

  /** Adds a mistake; beyond the limit it is dropped, and the last one that fits says so. */
  add(problem: Problem): void {
    if (this.full) return;
    this.#problems.push(problem);
    if (this.#problems.length === this.#max - 1) {
      this.#problems.push({
        code: "too-many",
        message: `Stopped after ${this.#max - 1} mistakes`,
        start: problem.end,
        end: problem.end,
        hint: "Correct these first",
      });
    }
  }

  /** The mistakes in the order of their places. */
  sorted(): readonly Problem[] {
    if (this.#problems.length === 0) return this.#problems;
    return this.#problems.toSorted((a, b) => a.start - b.start);
  }
}

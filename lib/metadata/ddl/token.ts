/**
 * What a token is.
 *
 * - `key`: a key with its colon; `dash`: the `-` of a list item.
 * - `text`, `integer`, `boolean`, `null`, `timestamp`: a value on the line of its key or dash.
 * - `indent`, `dedent`: a block begins or ends. They have no length.
 * - `line_comment`: a comment on a line of its own; `end_comment`: one behind something else.
 * - `separator`: the `---` between documents.
 * - `invalid`: something that was refused; a problem tells what. The rest of its line is skipped.
 * - `end`: the end of the text.
 */
export type TokenKind =
  | "key"
  | "dash"
  | "text"
  | "integer"
  | "boolean"
  | "null"
  | "timestamp"
  | "indent"
  | "dedent"
  | "line_comment"
  | "end_comment"
  | "separator"
  | "invalid"
  | "end";

/** One token with its place in the text. */
export interface Token {
  /** What it is. */
  readonly kind: TokenKind;
  /** Offset of its first UTF-16 code unit. */
  readonly start: number;
  /** Offset behind its last one. */
  readonly end: number;
  /** Line of its start, from 1. */
  readonly line: number;
  /** Column of its start in UTF-16 code units, from 1. */
  readonly column: number;
  /**
   * Its meaning: the name of a key, the decoded text, a comment without its `#`, an integer, a boolean, a time in
   * milliseconds; `null` for all others.
   */
  readonly value: string | number | boolean | null;
}

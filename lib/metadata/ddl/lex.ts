import { type Diagnostic, diagnostics } from "./diagnostic.ts";
import { Lexer } from "./lexer.ts";
import { ProblemList } from "./problem.ts";
import type { Token } from "./token.ts";

/** What {@linkcode lex} found. */
export interface LexedDdl {
  /** The tokens in their order; the last one is `end`. */
  readonly tokens: readonly Token[];
  /** The mistakes in the order of their places. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Cuts a text into tokens, for tools such as highlighters. The parser reads them one by one without this list.
 *
 * @example
 * ```ts
 * import { lex } from "./lex.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(lex("a:\n  - 1\n").tokens.map(({ kind }) => kind), [
 *   "key", "indent", "dash", "integer", "dedent", "end",
 * ]);
 * ```
 */
export function lex(text: string): LexedDdl {
  const problems = new ProblemList();
  const lexer = new Lexer(text, problems);
  const tokens: Token[] = [];
  do {
    lexer.next();
    const { kind, start, end, line, column } = lexer;
    tokens.push({ kind, start, end, line, column, value: valueOf(lexer) });
  } while (lexer.kind !== "end");
  return { tokens, diagnostics: diagnostics(text, problems.sorted()) };
}

function valueOf({ kind, text, number }: Lexer): Token["value"] {
  switch (kind) {
    case "key":
    case "text":
    case "line_comment":
    case "end_comment":
      return text;
    case "integer":
    case "timestamp":
      return number;
    case "boolean":
      return number === 1;
    default:
      return null;
  }
}

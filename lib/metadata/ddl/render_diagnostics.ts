import type { Diagnostic } from "./diagnostic.ts";
import { excerptColumnsMax } from "./limits.ts";
import { lineEnd } from "./lines.ts";

/** The parts of a rendered diagnostic, for those who give each a colour. */
export type DiagnosticPart = "heading" | "place" | "gutter" | "source" | "caret" | "note";

/** Options of {@linkcode renderDiagnostics}. */
export interface RenderOptions {
  /** What the text is called. Default: `<input>`. */
  readonly file?: string;
  /** Wraps a part of a line, in the escape codes of a terminal for example. Default: leaves it as it is. */
  readonly paint?: (part: DiagnosticPart, text: string) => string;
}

/**
 * Prints mistakes as compilers do: what is wrong, where, the line with a caret, what was expected, what to do.
 *
 * @param text The text in which they were found.
 * @param diagnostics The mistakes.
 * @returns Lines, each with a line feed; an empty line between two mistakes.
 *
 * @example
 * ```ts
 * import { parseDdl } from "./parse_ddl.ts";
 * import { renderDiagnostics } from "./render_diagnostics.ts";
 * import { assertEquals } from "@std/assert";
 * const text = "a: 1\na: 2\n";
 * assertEquals(
 *   renderDiagnostics(text, parseDdl(text).diagnostics, { file: "x.ddl" }),
 *   `error[duplicate-key]: The key "a" comes twice
 *  --> x.ddl:2:1
 *   |
 * 2 | a: 2
 *   | ^
 *   = earlier: x.ddl:1:1
 *   = hint: Keep one of the two
 * `,
 * );
 * ```
 */
export function renderDiagnostics(
  text: string,
  diagnostics: readonly Diagnostic[],
  options: RenderOptions = {},
): string {
  return diagnostics.map((diagnostic) => renderOne(text, diagnostic, options)).join("\n");
}

function renderOne(text: string, diagnostic: Diagnostic, options: RenderOptions): string {
  const { file = "<input>", paint = (_part, painted) => painted } = options;
  const { line, column, code, message, expected, hint, related } = diagnostic;
  const number = String(line);
  const margin = " ".repeat(number.length);
  const { source, caret } = excerpt(text, diagnostic);
  const lines = [
    paint("heading", `error[${code}]: ${message}`),
    `${margin}${paint("place", `--> ${file}:${line}:${column}`)}`,
    paint("gutter", `${margin} |`),
    `${paint("gutter", `${number} |`)}${source === "" ? "" : ` ${paint("source", source)}`}`,
    `${paint("gutter", `${margin} |`)} ${paint("caret", caret)}`,
  ];
  if (related !== undefined) lines.push(note("earlier", `${file}:${related.line}:${related.column}`));
  if (expected !== undefined) lines.push(note("expected", expected));
  if (hint !== undefined) lines.push(note("hint", hint));
  return lines.map((rendered) => `${rendered}\n`).join("");

  function note(label: string, noted: string): string {
    return paint("note", `${margin} = ${label}: ${noted}`);
  }
}

/** The line of a mistake and the carets below it; of a long line only the part around the mistake. */
function excerpt(text: string, { offset, column, length }: Diagnostic): { source: string; caret: string } {
  const lineStart = offset - (column - 1);
  const end = lineEnd(text, offset);
  const from = column <= excerptColumnsMax / 2 ? lineStart : offset - excerptColumnsMax / 2;
  const to = Math.min(end, from + excerptColumnsMax);
  const head = from > lineStart ? "..." : "";
  const tail = to < end ? "..." : "";
  const blank = " ".repeat(head.length + columns(text.slice(from, offset)));
  const marked = columns(text.slice(offset, Math.min(to, offset + length)));
  return {
    source: head + visible(text.slice(from, to)) + tail,
    caret: blank + "^".repeat(Math.max(1, marked)),
  };
}

/** Replaces what would move the caret or the terminal: control and format characters, lone surrogates. */
function visible(text: string): string {
  return text.toWellFormed().replaceAll("\t", "→").replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\ufffd");
}

/** How many characters a text has: code points, which is right for all but wide and combining ones. */
function columns(text: string): number {
  return [...text].length;
}

import { codePointName, isPrintableAt } from "./characters.ts";
import { isLineEndAt } from "./lines.ts";
import type { ProblemList } from "./problem.ts";

/** A text in quotes, read. */
export interface QuotedScalar {
  /** What it means; where an escape is wrong, without it. */
  readonly value: string;
  /** Offset behind the closing quote, or of the line's end if there is none. */
  readonly end: number;
  /** Whether a mistake was found in it. */
  readonly valid: boolean;
}

/** What one letter behind a backslash means. The rest of YAML's escapes has no use here and is refused. */
const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\x1b"],
  ['"', '"'],
  ["/", "/"],
  ["\\", "\\"],
]);

/** How many hexadecimal digits follow the letter of an escape. */
const hexEscapes: ReadonlyMap<string, number> = new Map([["x", 2], ["u", 4], ["U", 8]]);

const escapeHint =
  'Use one of \\" \\\\ \\/ \\0 \\a \\b \\e \\f \\n \\r \\t \\v \\xHH \\uHHHH \\UHHHHHHHH, or single quotes';

/**
 * Reads a text in quotes, all mistakes of it at once.
 *
 * ```ebnf
 * double = '"' , { printable - ( '"' | "\" ) | escape } , '"' ;
 * single = "'" , { printable - "'" | "''" } , "'" ;
 * escape = "\" , ( '"' | "\" | "/" | "0" | "a" | "b" | "e" | "f" | "n" | "r" | "t" | "v"
 *                | "x" , 2 * hex | "u" , 4 * hex | "U" , 8 * hex ) ;       (* no surrogates *)
 * ```
 *
 * @param source The whole text.
 * @param start Offset of the opening quote.
 * @param problems Where mistakes go.
 */
export function quotedScalar(source: string, start: number, problems: ProblemList): QuotedScalar {
  const quote = source.charAt(start);
  let value = "";
  let valid = true;
  let from = start + 1;
  let at = from;
  while (at < source.length && !isLineEndAt(source, at)) {
    const character = source.charAt(at);
    if (character === quote) {
      value += source.slice(from, at);
      if (quote === '"' || source.charAt(at + 1) !== quote) return { value, end: at + 1, valid };
      from = at + 1;
      at += 2;
    } else if (character === "\\" && quote === '"') {
      const { text, end } = escape(source, at, problems);
      value += source.slice(from, at) + text;
      valid &&= text !== "";
      from = at = end;
    } else {
      if (!isPrintableAt(source, at)) valid = addUnprintable(source, at, problems);
      at++;
    }
  }
  problems.add({
    code: "unterminated-string",
    message: "The text in quotes does not end on its line",
    start,
    end: at,
    expected: `a closing ${quote}`,
    hint: quote === '"' ? 'Close it; a line break inside is written "\\n"' : "Close it; a quote inside is doubled: ''",
  });
  return { value, end: at, valid: false };
}

/**
 * Reports a character that must not stand in the text as it is.
 *
 * @returns Always false: the text that holds it is not valid.
 */
export function addUnprintable(source: string, at: number, problems: ProblemList): false {
  const unit = source.charCodeAt(at);
  const place = { start: at, end: at + 1 };
  if (unit === 0x09) {
    const hint = 'Write spaces, or "\\t" in double quotes';
    problems.add({ code: "tab", message: "A tab character stands in the line", ...place, hint });
  } else if (unit === 0x0d) {
    problems.add({
      code: "carriage-return",
      message: "A carriage return stands without a line feed",
      ...place,
      hint: "End lines with LF or CR LF",
    });
  } else if (unit === 0xfeff) {
    problems.add({
      code: "byte-order-mark",
      message: "A byte order mark stands inside the text",
      ...place,
      hint: 'Remove it, or write "\\uFEFF"',
    });
  } else {
    const surrogate = unit >= 0xd800 && unit <= 0xdfff;
    problems.add({
      code: "control-character",
      message: `The ${surrogate ? "lone surrogate" : "character"} ${codePointName(unit)} stands in the text`,
      ...place,
      hint: surrogate
        ? "Remove it; it is not Unicode"
        : `Remove it, or write "\\u${codePointName(unit).slice(2)}" in double quotes`,
    });
  }
  return false;
}

/** Reads one escape; its text is empty if it is wrong. */
function escape(source: string, at: number, problems: ProblemList): { readonly text: string; readonly end: number } {
  const letter = at + 1 < source.length && !isLineEndAt(source, at + 1) ? source.charAt(at + 1) : "";
  const simple = simpleEscapes.get(letter);
  if (simple !== undefined) return { text: simple, end: at + 2 };
  const digits = hexEscapes.get(letter);
  let end = at + 1 + letter.length;
  if (digits !== undefined) {
    while (end < at + 2 + digits && /^[0-9a-fA-F]$/.test(source.charAt(end))) end++;
    const code = Number.parseInt(source.slice(at + 2, end), 16);
    const surrogate = code >= 0xd800 && code <= 0xdfff;
    if (end === at + 2 + digits && code <= 0x10ffff && !surrogate) return { text: String.fromCodePoint(code), end };
    problems.add({
      code: "escape",
      message: surrogate
        ? `The escape ${source.slice(at, end)} is half of a character`
        : `The escape ${source.slice(at, end)} is no character`,
      start: at,
      end,
      expected: surrogate ? "\\U and the eight digits of the whole character" : `${digits} hexadecimal digits`,
      hint: escapeHint,
    });
    return { text: "", end };
  }
  problems.add({
    code: "escape",
    message: `The escape ${JSON.stringify(source.slice(at, end))} is unknown`,
    start: at,
    end,
    hint: escapeHint,
  });
  return { text: "", end };
}

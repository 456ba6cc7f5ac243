import { isDigit } from "./characters.ts";
import type { ProblemCode } from "./problem.ts";
import { parseTimestamp } from "./timestamp.ts";

/** What a plain scalar means, or why it is refused. */
export type PlainScalar =
  | { readonly kind: "text" | "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "integer" | "timestamp"; readonly value: number }
  | { readonly kind: "refused"; readonly code: ProblemCode; readonly message: string; readonly hint: string };

/** Words that mean something else than themselves to some version of YAML, in lower case. */
const trapWords: ReadonlySet<string> = new Set(["null", "true", "false", "yes", "no", "on", "off", "y", "n"]);
const trapWordUnitsMax = 5;

const textScalar: PlainScalar = { kind: "text" };
const nullScalar: PlainScalar = { kind: "null" };
const trueScalar: PlainScalar = { kind: "boolean", value: true };
const falseScalar: PlainScalar = { kind: "boolean", value: false };

/** Says whether a word means something else than itself to some version of YAML: `yes`, `Null`, `OFF`. */
export function isTrapWord(word: string): boolean {
  return word.length <= trapWordUnitsMax && trapWords.has(word.toLowerCase());
}

/**
 * Tells what a value without quotes means.
 *
 * ```ebnf
 * plain     = "null" | "~" | "true" | "false" | integer | timestamp | words ;
 * integer   = "0" | [ "-" ] , "1".."9" , { digit } ;       (* within ±(2^53 - 1) *)
 * timestamp = RFC 3339, to the nanosecond ;
 * ```
 *
 * Whatever else begins as a number does is refused: YAML's versions read `012`, `0o14`, `1e3`, `1_000`, `12:30`, `.inf`
 * and `2024-01-15` in different ways.
 *
 * @param text The scalar, not empty, without spaces around it.
 */
export function plainScalar(text: string): PlainScalar {
  const first = text.charCodeAt(0);
  if (isDigit(first) || first === 0x2b || first === 0x2d || first === 0x2e) return numberLike(text);
  if (first === 0x7e) return text === "~" ? nullScalar : refusedText(text, 'A plain text must not begin with "~"');
  if (text.length > trapWordUnitsMax) return textScalar;
  if (text === "true") return trueScalar;
  if (text === "false") return falseScalar;
  if (text === "null") return nullScalar;
  return isTrapWord(text) ? refusedWord(text) : textScalar;
}

function numberLike(text: string): PlainScalar {
  if (/^(?:0|-?[1-9][0-9]*)$/.test(text)) {
    const value = Number(text);
    if (Number.isSafeInteger(value)) return { kind: "integer", value };
    return refused(
      "number",
      `The number ${text} is beyond ±(2^53 - 1)`,
      `Write ${quoted(text)} in quotes if it is text`,
    );
  }
  const value = parseTimestamp(text);
  if (value !== undefined) return { kind: "timestamp", value };
  if (/^\d{4}-\d\d?-\d\d?(?:[Tt ]|$)/.test(text)) {
    return refused(
      "timestamp",
      `The time ${quoted(text)} is not of the form 2024-01-15T10:30:00Z or does not exist`,
      "Give date, T, hours, minutes, seconds, at most nine digits of fraction, and Z or an offset such as +01:00",
    );
  }
  if (/^[-+]?0[0-9_]+$/.test(text)) {
    return refused(
      "number",
      `The number ${text} begins with a zero, which means octal to some YAML parsers`,
      `Write ${quoted(text)} in quotes`,
    );
  }
  if (/^[-+.]?[0-9]|^[-+]?\.(?:inf|nan)$/i.test(text)) {
    return refused(
      "number",
      `The value ${quoted(text)} begins as a number does, but is no integer`,
      `Write it as a decimal integer, or in quotes if it is text: ${quoted(text)}`,
    );
  }
  return refusedText(text, `A plain text must not begin with ${quoted(text.slice(0, 1))}`);
}

function refusedWord(word: string): PlainScalar {
  return refused(
    "word",
    `The word ${quoted(word)} means true, false or null to some YAML parsers`,
    `Write ${quoted(word)} in quotes for the text, or true, false or null in lower case`,
  );
}

function refusedText(text: string, message: string): PlainScalar {
  return refused("plain-text", message, `Write ${quoted(text)} in quotes`);
}

function refused(code: ProblemCode, message: string, hint: string): PlainScalar {
  return { kind: "refused", code, message, hint };
}

/** A text in quotes, clipped where it is long. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

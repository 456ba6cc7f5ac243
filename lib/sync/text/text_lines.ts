import { err, ok, type Result } from "../../core/mod.ts";

/** The most bytes of one side that are compared as text. */
export const textBytesMax = 4 * 1024 * 1024;

/** Why bytes are not taken for text: `binary` if they hold NUL or are not UTF-8. */
export type TextProblem = "binary" | "too_large";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes bytes as text, so that encoding it again gives the same bytes.
 *
 * @returns The text, or why it is none.
 */
export function decodeText(bytes: Uint8Array): Result<string, TextProblem> {
  if (bytes.length > textBytesMax) return err("too_large");
  if (bytes.includes(0)) return err("binary");
  try {
    return ok(utf8.decode(bytes));
  } catch {
    return err("binary");
  }
}

/** Cuts a text into lines, each with its LF; only the last may lack one. Joined, they are the text again. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

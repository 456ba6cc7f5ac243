import fc from "fast-check";

/** Short texts of few different lines, with both line ends, with and without a final newline. */
export const anyText: fc.Arbitrary<string> = fc.tuple(
  fc.array(fc.constantFrom("a\n", "b\n", "c\r\n", "d\n", "\n", "\r\n"), { maxLength: 8 }),
  fc.constantFrom("", "", "a", "end", "c\r"),
).map(([lines, last]) => lines.join("") + last);

/** A text as UTF-8. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** The text of UTF-8. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

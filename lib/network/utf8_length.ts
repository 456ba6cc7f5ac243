/**
 * How many bytes a text has in UTF-8, as `TextEncoder` writes it: a lone surrogate takes three. Nothing is encoded, which
 * for a short text would cost more than all else that is done with it.
 *
 * @example
 * ```ts
 * import { utf8Length } from "./utf8_length.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(utf8Length("caf\u00e9"), 5);
 * ```
 */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

const units = ["", "k", "m", "g", "t"];

/**
 * Reads a number of bytes as people write it: plain (`65536`), or with one of the units `K`, `M`, `G` and `T`, a `B`
 * behind it or not, in capitals or not. As on the label of a disk or in the terms of a line, a unit is a power of 1000;
 * `KiB`, `MiB`, `GiB` and `TiB` are powers of 1024.
 *
 * @returns Whole bytes; `undefined` if it is no number of bytes, or one of more than 2^53.
 *
 * @example
 * ```ts
 * import { parseBytes } from "./parse_bytes.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseBytes("2MB"), 2_000_000);
 * assertEquals(parseBytes("64KiB"), 65_536);
 * ```
 */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d{1,16}(?:\.\d{1,6})?) ?(?:([kmgt]?)b?|([kmgt])ib)$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, number, decimal, binary] = match;
  const base = binary === undefined ? 1000 : 1024;
  const bytes = Math.round(Number(number) * base ** units.indexOf((binary ?? decimal ?? "").toLowerCase()));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/**
 * Writes a number of bytes as {@linkcode parseBytes} reads it, exactly: with the largest unit of 1000 that divides it.
 *
 * @param bytes A whole number, not negative.
 *
 * @example
 * ```ts
 * import { formatExactBytes } from "./parse_bytes.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(formatExactBytes(2_000_000), "2MB");
 * ```
 */
export function formatExactBytes(bytes: number): string {
  let power = 0;
  let rest = bytes;
  while (rest > 0 && rest % 1000 === 0 && power < units.length - 1) {
    rest /= 1000;
    power++;
  }
  return power === 0 ? String(rest) : `${rest}${units[power]!.toUpperCase()}B`;
}

/** Says whether a code unit may stand in a plain key: an ASCII letter, a digit, `_` or `-`. */
export function isKeyUnit(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || unit === 0x5f || (unit >= 0x41 && unit <= 0x5a) || isDigit(unit) ||
    unit === 0x2d;
}

/** Says whether a code unit may begin a plain key: an ASCII letter or `_`. */
export function isKeyStart(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || unit === 0x5f || (unit >= 0x41 && unit <= 0x5a);
}

/** Says whether a code unit is an ASCII digit. */
export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/**
 * Says whether the character at an offset may stand in a text as it is.
 *
 * YAML's printable characters without the tab and without what some version of YAML takes for a line break: U+0020 to
 * U+007E and from U+00A0 on, save U+2028, U+2029, U+FEFF, U+FFFE, U+FFFF and lone surrogates (YAML 1.2.2, 5.1).
 */
export function isPrintableAt(text: string, offset: number): boolean {
  const unit = text.charCodeAt(offset);
  if (unit < 0x7f) return unit >= 0x20;
  if (unit < 0xa0) return false;
  if (unit < 0x2028) return true;
  if (unit >= 0xd800 && unit <= 0xdfff) return isPaired(text, offset, unit);
  return unit !== 0x2028 && unit !== 0x2029 && unit !== 0xfeff && unit < 0xfffe;
}

/** A number as Unicode writes it: `U+0009`. */
export function codePointName(unit: number): string {
  return `U+${unit.toString(16).toUpperCase().padStart(4, "0")}`;
}

function isPaired(text: string, offset: number, unit: number): boolean {
  if (unit < 0xdc00) {
    const next = text.charCodeAt(offset + 1);
    return next >= 0xdc00 && next <= 0xdfff;
  }
  const previous = text.charCodeAt(offset - 1);
  return previous >= 0xd800 && previous < 0xdc00;
}

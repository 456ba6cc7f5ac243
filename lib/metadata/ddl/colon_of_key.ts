import { isKeyStart, isKeyUnit } from "./characters.ts";
import { isBlankAt, isLineEndAt } from "./lines.ts";

/**
 * Finds out whether a key stands at an offset: a plain or a quoted name, right behind it a colon, and behind that a
 * space or the end of the line.
 *
 * @returns The offset of the colon, or -1 where no key stands.
 */
export function colonOfKey(source: string, start: number): number {
  let at = start;
  const unit = source.charCodeAt(at);
  if (isKeyStart(unit)) {
    while (isKeyUnit(source.charCodeAt(at))) at++;
  } else if (unit === 0x22 || unit === 0x27) {
    at = quoteEnd(source, start);
  } else return -1;
  return source.charCodeAt(at) === 0x3a && isBlankAt(source, at + 1) ? at : -1;
}

/** The offset behind the text in quotes at an offset, or of the line's end if it does not end. */
function quoteEnd(source: string, start: number): number {
  const quote = source.charCodeAt(start);
  let at = start + 1;
  while (at < source.length && !isLineEndAt(source, at)) {
    const unit = source.charCodeAt(at++);
    if (unit === 0x5c && quote === 0x22) {
      if (!isLineEndAt(source, at)) at++;
    } else if (unit === quote) {
      if (quote === 0x22 || source.charCodeAt(at) !== quote) return at;
      at++;
    }
  }
  return at;
}

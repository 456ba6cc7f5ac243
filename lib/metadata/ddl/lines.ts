/** Says whether a line break (LF or CR LF) stands at an offset. */
export function isLineEndAt(source: string, at: number): boolean {
  const unit = source.charCodeAt(at);
  return unit === 0x0a || (unit === 0x0d && source.charCodeAt(at + 1) === 0x0a);
}

/** Says whether a space, a line break or the end of the text stands at an offset. */
export function isBlankAt(source: string, at: number): boolean {
  return source.charCodeAt(at) === 0x20 || at >= source.length || isLineEndAt(source, at);
}

/** The offset of the line break that ends the line of an offset, or of the end of the text. */
export function lineEnd(source: string, from: number): number {
  const at = source.indexOf("\n", from);
  if (at < 0) return source.length;
  return at > from && source.charCodeAt(at - 1) === 0x0d ? at - 1 : at;
}

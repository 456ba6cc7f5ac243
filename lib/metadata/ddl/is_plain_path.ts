import { nameBytesMax, type SafePath } from "../../core/mod.ts";

/** Names of printable ASCII without `/` and `\`, the first character no dot, separated by `/`. */
const plainPath = /^[ -\-0-[\]-~][ -.0-[\]-~]*(?:\/[ -\-0-[\]-~][ -.0-[\]-~]*)*$/;

/**
 * Says at once of most paths that they are safe: short ones of plain names. Of all others `parseSafePath` decides.
 *
 * It matters because a path is a part of a larger text, whose single characters are slow to read; a regular expression
 * unwraps it once (measured: 0.36 µs a path without, 0.03 µs with it).
 */
export function isPlainPath(text: string): text is SafePath {
  return text.length <= nameBytesMax && plainPath.test(text);
}

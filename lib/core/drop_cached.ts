import { cString, openCLibrary } from "./c_library.ts";

const symbols = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  posix_fadvise: { parameters: ["i32", "i64", "i64", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const;
/** For reading, and not for programs that are started meanwhile. */
const readOnly = 0o2000000;
const dontNeed = 4;

/** A part of a file. */
export interface FilePart {
  /** Where it begins, in bytes. */
  readonly from: number;
  /** How many bytes it has; 0 for all up to the end. */
  readonly length: number;
}

/**
 * Lets Linux forget what it keeps in memory of a part of a file (posix_fadvise(2)); what is not on the medium yet stays. Of a
 * long file that is being written this is worth it: it would push out what is read again and again, and memory that just
 * became free is quicker to write to than what was not used for long.
 *
 * Nothing happens elsewhere, without `--allow-ffi`, or to a file that cannot be opened.
 */
export function dropCached(path: string, { from, length }: FilePart): void {
  const library = openCLibrary(symbols);
  if (library === undefined) return;
  const { open, posix_fadvise: advise, close } = library.symbols;
  const fd = open(cString(path), readOnly);
  if (fd >= 0) {
    advise(fd, BigInt(from), BigInt(length), dontNeed);
    close(fd);
  }
  library.close();
}

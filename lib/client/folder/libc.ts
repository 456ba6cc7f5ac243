/**
 * The calls of Linux's C library that {@linkcode linuxCalls} is made of.
 *
 * @module
 */
import { openCLibrary } from "../../core/mod.ts";

/**
 * Of the C library what Deno has no equal for: times to the nanosecond, and a whole file system put on its medium. Beside that
 * what is called for each of many files, where a call of Deno's takes longer than the system does.
 */
const symbols = {
  /** statx(2), whose answer is laid out alike on every processor. */
  statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
  utimensat: { parameters: ["i32", "buffer", "buffer", "i32"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  /** open(2) of a file that may have to be made, which takes permissions. */
  create: { name: "open", parameters: ["buffer", "i32", "u32"], result: "i32" },
  /** No write is of 2 GiB, so the low half of the answer is all of it. */
  write: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  fchmod: { parameters: ["i32", "u32"], result: "i32" },
  futimens: { parameters: ["i32", "buffer"], result: "i32" },
  rename: { parameters: ["buffer", "buffer"], result: "i32" },
  /** Not in every C library that Deno runs on. */
  getdents64: { parameters: ["i32", "buffer", "usize"], result: "i32", optional: true },
  /** No read is of 2 GiB, so the low half of the answer is all of it. */
  pread: { parameters: ["i32", "buffer", "usize", "i64"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  syncfs: { parameters: ["i32"], result: "i32", nonblocking: true },
} as const;

/** The calls, ready to be made. */
export type Library = Deno.DynamicLibrary<typeof symbols>["symbols"];

/** The library; nothing where there is none of that kind, or `--allow-ffi` is not given. */
export function openLibrary(): Library | undefined {
  return openCLibrary(symbols)?.symbols;
}

/** Stands for the current directory where a call wants that of a path. */
export const currentDirectory = -100;
/** For reading, not for programs that are started meanwhile, and without a wait for whoever writes into a pipe. */
export const readOnly = 0o2004000;
/** For writing from the start, made if need be, and not for programs that are started meanwhile. */
export const writeAnew = 0o2001101;

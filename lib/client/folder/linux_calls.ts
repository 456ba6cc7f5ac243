import { type FileTime, nsPerMs } from "../../metadata/mod.ts";
import type { DiskStat } from "../../sync/mod.ts";
import { denoCalls } from "./deno_calls.ts";
import type { FileCalls } from "./file_calls.ts";
import type { FolderReader } from "./folder.ts";

/** Of the C library what Deno has no equal for: times to the nanosecond, and a whole file system put on its medium. */
const symbols = {
  /** statx(2), whose answer is laid out alike on every processor. */
  statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
  utimensat: { parameters: ["i32", "buffer", "buffer", "i32"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  /** No read is of 2 GiB, so the low half of the answer is all of it. */
  pread: { parameters: ["i32", "buffer", "usize", "i64"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  syncfs: { parameters: ["i32"], result: "i32", nonblocking: true },
} as const;

type Library = Deno.DynamicLibrary<typeof symbols>["symbols"];

/**
 * File calls of Linux's C library, which keep times to the nanosecond, while Deno cuts them to the millisecond; nothing where
 * there is none of that kind, or `--allow-ffi` is not given.
 *
 * A call that fails is made once more through Deno, which knows to tell why.
 */
export function linuxCalls(): FileCalls | undefined {
  const library = openLibrary();
  if (library === undefined) return undefined;
  return {
    stat: (path) => statOf(library, currentDirectory, { path, flags: noFollow }) ?? denoCalls.stat(path),
    open: (path) => {
      const fd = library.open(cString(path), readOnly);
      return fd < 0 ? denoCalls.open(path) : new OpenFile(library, fd, path);
    },
    setTime: (path, time) => {
      writeTime(times, 0, time);
      writeTime(times, timeBytes, time);
      if (library.utimensat(currentDirectory, cString(path), times, 0) !== 0) denoCalls.setTime(path, time);
    },
    flushFileSystem: async (path) => {
      const fd = library.open(cString(path), readOnly);
      if (fd < 0) return false;
      try {
        return await library.syncfs(fd) === 0;
      } finally {
        library.close(fd);
      }
    },
  };
}

function openLibrary(): Library | undefined {
  if (Deno.build.os !== "linux" || Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return undefined;
  try {
    return Deno.dlopen("libc.so.6", symbols).symbols;
  } catch {
    return undefined;
  }
}

class OpenFile implements FolderReader {
  readonly #library: Library;
  readonly #fd: number;
  readonly #path: string;
  #offset = 0;

  constructor(library: Library, fd: number, path: string) {
    this.#library = library;
    this.#fd = fd;
    this.#path = path;
  }

  read(into: Uint8Array<ArrayBuffer>): number {
    const count = this.#library.pread(this.#fd, into, BigInt(into.length), BigInt(this.#offset));
    if (count < 0) this.#throwReason();
    this.#offset += count;
    return count;
  }

  seek(offset: number): void {
    this.#offset = offset;
  }

  stat(): DiskStat {
    const stat = statOf(this.#library, this.#fd, { path: "", flags: emptyPath });
    if (stat === undefined) throw new Deno.errors.Busy(`"${this.#path}" could not be looked at while it was open`);
    return stat;
  }

  [Symbol.dispose](): void {
    this.#library.close(this.#fd);
  }

  /** Never gives bytes: another file may be at the path by now. */
  #throwReason(): never {
    using file = denoCalls.open(this.#path);
    file.seek(this.#offset);
    file.read(new Uint8Array(1));
    throw new Deno.errors.Busy(`"${this.#path}" could not be read at byte ${this.#offset}`);
  }
}

const currentDirectory = -100;
const noFollow = 0x100;
const emptyPath = 0x1000;
/** For reading, and not for programs that are started meanwhile. */
const readOnly = 0o2000000;
const basicStats = 0x7ff;

/** The answer of statx(2), reused from call to call. */
const answer = new DataView(new ArrayBuffer(256));
/** Two times of utimensat(2), each seconds and nanoseconds in eight bytes: when a file was read, and when modified. */
const timeBytes = 16;
const times = new DataView(new ArrayBuffer(2 * timeBytes));

const kinds: Readonly<Record<number, DiskStat["kind"]>> = { 0o04: "directory", 0o10: "file", 0o12: "symlink" };

function statOf(
  library: Library,
  directory: number,
  { path, flags }: { readonly path: string; readonly flags: number },
): DiskStat | undefined {
  if (library.statx(directory, cString(path), flags, basicStats, answer) !== 0) return undefined;
  const mode = answer.getUint16(28, true);
  const inode = long(32);
  const mtimeNs = answer.getUint32(120, true);
  const mtimeRestNs = mtimeNs % nsPerMs;
  return {
    kind: kinds[mode >> 12] ?? "other",
    size: long(40),
    mode: mode & 0o7777,
    mtimeMs: long(112) * 1000 + (mtimeNs - mtimeRestNs) / nsPerMs,
    mtimeRestNs,
    ctimeMs: (long(96) * 1_000_000 + Math.floor(answer.getUint32(104, true) / 1000)) / 1000,
    inode: Number.isSafeInteger(inode) ? inode : 0,
  };
}

/** A signed number of eight bytes in the answer. */
function long(offset: number): number {
  return answer.getInt32(offset + 4, true) * 2 ** 32 + answer.getUint32(offset, true);
}

function writeTime(view: DataView, offset: number, { mtimeMs, mtimeRestNs = 0 }: FileTime): void {
  const seconds = Math.floor(mtimeMs / 1000);
  view.setUint32(offset, seconds % 2 ** 32, true);
  view.setInt32(offset + 4, Math.floor(seconds / 2 ** 32), true);
  view.setUint32(offset + 8, (mtimeMs - seconds * 1000) * nsPerMs + mtimeRestNs, true);
}

const encoder = new TextEncoder();
let pathBytes = new Uint8Array(8192);

/** A path as C takes it, in memory that is reused from call to call. */
function cString(path: string): Uint8Array<ArrayBuffer> {
  if (pathBytes.length <= path.length * 3) pathBytes = new Uint8Array(path.length * 3 + 1);
  const { written } = encoder.encodeInto(path, pathBytes);
  pathBytes[written] = 0;
  return pathBytes;
}

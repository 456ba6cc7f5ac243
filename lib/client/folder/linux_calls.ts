import { type FileTime, nsPerMs } from "../../metadata/mod.ts";
import { DirectoryLook, type DiskStat, lookColumn, lookKinds, lookWidth, readStat } from "../../sync/mod.ts";
import { denoCalls } from "./deno_calls.ts";
import type { FileCalls } from "./file_calls.ts";
import type { FolderReader } from "./folder.ts";

/** Of the C library what Deno has no equal for: times to the nanosecond, and a whole file system put on its medium. */
const symbols = {
  /** statx(2), whose answer is laid out alike on every processor. */
  statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
  utimensat: { parameters: ["i32", "buffer", "buffer", "i32"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  /** Not in every C library that Deno runs on. */
  getdents64: { parameters: ["i32", "buffer", "usize"], result: "i32", optional: true },
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
    look: (path) => lookInto(library, path) ?? denoCalls.look(path),
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
/** For reading, not for programs that are started meanwhile, and without a wait for whoever writes into a pipe. */
const readOnly = 0o2004000;
const basicStats = 0x7ff;

/** The answer of statx(2), reused from call to call. */
const answer = new DataView(new ArrayBuffer(256));
/** Two times of utimensat(2), each seconds and nanoseconds in eight bytes: when a file was read, and when modified. */
const timeBytes = 16;
const times = new DataView(new ArrayBuffer(2 * timeBytes));

/** The place among {@linkcode lookKinds} of what a mode says is there, by its highest bits. */
const kindPlaces = new Uint8Array(16);
kindPlaces[0o04] = lookKinds.indexOf("directory");
kindPlaces[0o10] = lookKinds.indexOf("file");
kindPlaces[0o12] = lookKinds.indexOf("symlink");
const oneStat = new Float64Array(lookWidth);

function statOf(
  library: Library,
  directory: number,
  { path, flags }: { readonly path: string; readonly flags: number },
): DiskStat | undefined {
  cString(path);
  if (!isStatted(library, directory, flags)) return undefined;
  writeAnswer(oneStat, 0);
  return readStat(oneStat, 0);
}

function isStatted(library: Library, directory: number, flags: number): boolean {
  return library.statx(directory, pathBytes, flags, basicStats, answer) === 0;
}

/** Writes what statx(2) answered as a look has it. */
function writeAnswer(into: Float64Array, at: number): void {
  const mode = answer.getUint16(28, true);
  const mtimeNs = answer.getUint32(120, true);
  const mtimeRestNs = mtimeNs % nsPerMs;
  const inode = long(32);
  into[at + lookColumn.kind] = kindPlaces[mode >> 12]!;
  into[at + lookColumn.size] = long(40);
  into[at + lookColumn.mode] = mode & 0o7777;
  into[at + lookColumn.mtimeMs] = long(112) * 1000 + (mtimeNs - mtimeRestNs) / nsPerMs;
  into[at + lookColumn.mtimeRestNs] = mtimeRestNs;
  into[at + lookColumn.ctimeMs] = (long(96) * 1_000_000 + Math.floor(answer.getUint32(104, true) / 1000)) / 1000;
  into[at + lookColumn.inode] = Number.isSafeInteger(inode) ? inode : 0;
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

/** What getdents64(2) fills: of each name the length of its record, and from a fixed place on itself up to a NUL. */
const records = new Uint8Array(64 * 1024);
const lengthAt = 16;
const nameAt = 19;
const slash = 47;
const dot = 46;
/** Names and numbers of the directory that is being looked into, reused from one to the next. */
let text = new Uint8Array(64 * 1024);
let numbers = new Float64Array(1024 * lookWidth);
const unicode = new TextDecoder("utf-8", { fatal: true });

/** Looks into a directory, each name found from there on. */
function lookInto(library: Library, path: string): DirectoryLook | undefined {
  if (library.getdents64 === null) return undefined;
  const fd = library.open(cString(path), readOnly);
  if (fd < 0) return undefined;
  try {
    let [count, end, isAscii] = [0, 0, true];
    for (;;) {
      const filled = library.getdents64(fd, records, BigInt(records.length));
      if (filled < 0) return undefined;
      if (filled === 0) break;
      for (let at = 0; at < filled; at += records[at + lengthAt]! + records[at + lengthAt + 1]! * 256) {
        let length = 0;
        for (let byte = records[at + nameAt]!; byte !== 0; byte = records[at + nameAt + length]!) {
          if (byte >= 0x80) isAscii = false;
          pathBytes[length++] = byte;
        }
        if (pathBytes[0] === dot && (length === 1 || (length === 2 && pathBytes[1] === dot))) continue;
        pathBytes[length] = 0;
        if (!isStatted(library, fd, noFollow)) return undefined;
        if (end + length + 1 > text.length) text = grown(text, new Uint8Array(text.length * 2));
        if ((count + 1) * lookWidth > numbers.length) numbers = grown(numbers, new Float64Array(numbers.length * 2));
        if (count > 0) text[end++] = slash;
        for (let i = 0; i < length; i++) text[end++] = pathBytes[i]!;
        writeAnswer(numbers, lookWidth * count++);
      }
    }
    if (!isAscii && !isUnicode(text.subarray(0, end))) return undefined;
    return new DirectoryLook({ text: text.slice(0, end), numbers: numbers.slice(0, count * lookWidth) });
  } finally {
    library.close(fd);
  }
}

function grown<T extends Uint8Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(from: T, to: T): T {
  to.set(from);
  return to;
}

function isUnicode(bytes: Uint8Array): boolean {
  try {
    unicode.decode(bytes);
    return true;
  } catch {
    return false;
  }
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

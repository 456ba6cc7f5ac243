import { cString, makeCString } from "../../core/mod.ts";
import { type FileTime, nsPerMs } from "../../metadata/mod.ts";
import type { DiskStat } from "../../sync/mod.ts";
import { denoCalls } from "./deno_calls.ts";
import type { FileCalls } from "./file_calls.ts";
import type { FileMarks, FolderReader } from "./folder.ts";
import { currentDirectory, type Library, openLibrary, readOnly, writeAnew } from "./libc.ts";
import { linuxLook } from "./linux_look.ts";
import { unlessRefused } from "./unless_refused.ts";
import { emptyPath, noFollow, statx } from "./statx.ts";

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
    stat: (path) =>
      statx(library, { directory: currentDirectory, path: cString(path), flags: noFollow }) ??
        denoCalls.stat(path),
    look: (path) => linuxLook(library, path) ?? denoCalls.look(path),
    open: (path) => {
      const fd = library.open(cString(path), readOnly);
      return fd < 0 ? denoCalls.open(path) : new OpenFile(library, fd, path);
    },
    make: (path, bytes, marks) => {
      if (!makeFile(library, path, bytes, marks)) denoCalls.make(path, bytes, marks);
    },
    setTime: (path, time) => {
      writeTimes(time);
      if (library.utimensat(currentDirectory, cString(path), times, 0) !== 0) denoCalls.setTime(path, time);
    },
    rename: (from, to) => {
      if (library.rename(cString(from), targetString(to)) !== 0) denoCalls.rename(from, to);
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

/** The other path of a call that takes two. */
const targetString = makeCString();

/** Makes a file; says whether it has all of its bytes. */
function makeFile(library: Library, path: string, bytes: Uint8Array<ArrayBuffer>, marks: FileMarks): boolean {
  const fd = library.create(cString(path), writeAnew, 0o600);
  if (fd < 0) return false;
  try {
    for (let written = 0; written < bytes.length;) {
      const count = library.write(fd, bytes.subarray(written), BigInt(bytes.length - written));
      if (count <= 0) return false;
      written += count;
    }
    writeTimes(marks);
    if (library.fchmod(fd, marks.mode) !== 0) unlessRefused(() => Deno.chmodSync(path, marks.mode));
    if (library.futimens(fd, times) !== 0) unlessRefused(() => denoCalls.setTime(path, marks));
    return true;
  } finally {
    library.close(fd);
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
    const stat = statx(this.#library, { directory: this.#fd, path: cString(""), flags: emptyPath });
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

/** Two times of utimensat(2), each seconds and nanoseconds in eight bytes: when a file was read, and when modified. */
const timeBytes = 16;
const times = new DataView(new ArrayBuffer(2 * timeBytes));

/** Has a file modified and read at the same time. */
function writeTimes(time: FileTime): void {
  writeTime(times, 0, time);
  writeTime(times, timeBytes, time);
}

function writeTime(view: DataView, offset: number, { mtimeMs, mtimeRestNs = 0 }: FileTime): void {
  const seconds = Math.floor(mtimeMs / 1000);
  view.setUint32(offset, seconds % 2 ** 32, true);
  view.setInt32(offset + 4, Math.floor(seconds / 2 ** 32), true);
  view.setUint32(offset + 8, (mtimeMs - seconds * 1000) * nsPerMs + mtimeRestNs, true);
}

import { dropCached, Failure, platformFailure, type SafePath } from "../../core/mod.ts";
import type { FileTime } from "../../metadata/mod.ts";
import {
  type DirectoryLook,
  type DiskName,
  type DiskStat,
  type LookAhead,
  stateDirectoryName,
  type Tree,
} from "../../sync/mod.ts";
import { fileCalls } from "./file_calls.ts";
import { flush } from "./flush.ts";
import type { FileMaker, FileMarks, Folder, FolderReader, FolderWriter } from "./folder.ts";
import { LookThread } from "./look_thread.ts";
import { MakeThread } from "./make_thread.ts";
import { moveIn } from "./move_in.ts";

/** A real folder on this machine. */
export class LocalDisk implements Folder {
  readonly root: string;
  readonly keepsModes: boolean = Deno.build.os !== "windows";
  readonly #prefix: string;
  #folds: boolean | undefined;
  /** Whether a flush of the whole file system can be relied on. */
  #flushesTogether = true;

  /**
   * Looks at nothing yet; a folder that is missing shows at the first read.
   *
   * @param root Absolute path of the folder.
   */
  constructor(root: string) {
    this.root = root;
    this.#prefix = root.endsWith("/") ? root : `${root}/`;
  }

  /** Whether names that differ only in capitals are one name here: asked of the disk itself, by dfs's own folder. */
  get foldsNames(): boolean {
    return this.#folds ??= isFolding(`${this.#prefix}${stateDirectoryName}`, this.#prefix + foreignCase);
  }

  /** The path as the platform takes it. */
  locate(path: SafePath): string {
    return path === "" ? this.root : this.#prefix + path;
  }

  readDirectory(directory: SafePath): DiskName[] {
    return Array.from(Deno.readDirSync(this.locate(directory)));
  }

  stat(path: SafePath): DiskStat {
    return fileCalls.stat(this.locate(path));
  }

  look(directory: SafePath): DirectoryLook | undefined {
    return fileCalls.look(this.locate(directory));
  }

  lookAhead(known: Tree): LookAhead | undefined {
    return LookThread.start(this.#prefix, known);
  }

  readLink(path: SafePath): string {
    return Deno.readLinkSync(this.locate(path));
  }

  open(path: SafePath): FolderReader {
    return fileCalls.open(this.locate(path));
  }

  write(path: SafePath, from: number): FolderWriter {
    const file = Deno.openSync(this.locate(path), { write: true, create: true, truncate: from === 0, mode: 0o600 });
    if (from > 0) {
      file.truncateSync(from);
      file.seekSync(from, Deno.SeekMode.Start);
    }
    return {
      write: (bytes) => {
        for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
      },
      aside: {
        write: async (bytes) => {
          for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
        },
        // Calls to one open file wait for each other, hence another.
        flush: async () => {
          await flush([this.locate(path)]);
          dropCached(this.locate(path), { from: 0, length: 0 });
        },
      },
      [Symbol.dispose]: () => file.close(),
    };
  }

  make(path: SafePath, bytes: Uint8Array<ArrayBuffer>, marks: FileMarks): void {
    fileCalls.make(this.locate(path), bytes, marks);
  }

  makeMany(): FileMaker | undefined {
    return navigator.hardwareConcurrency < 2 ? undefined : new MakeThread((path) => this.locate(path));
  }

  copyIn(file: string, path: SafePath): void {
    Deno.copyFileSync(file, this.locate(path));
  }

  makeDirectory(path: SafePath): void {
    Deno.mkdirSync(this.locate(path), { mode: 0o700 });
  }

  makeLink(path: SafePath, target: string): void {
    Deno.symlinkSync(target, this.locate(path));
  }

  move(from: SafePath, to: SafePath): void {
    moveIn(this.locate(from), this.locate(to));
  }

  remove(path: SafePath): void {
    Deno.removeSync(this.locate(path));
  }

  removeAll(path: SafePath): void {
    try {
      Deno.removeSync(this.locate(path), { recursive: true });
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    }
  }

  setMode(path: SafePath, mode: number): void {
    Deno.chmodSync(this.locate(path), mode);
  }

  setTime(path: SafePath, time: FileTime): void {
    fileCalls.setTime(this.locate(path), time);
  }

  async flushAhead(): Promise<void> {
    // What failed is told once, and not of which file: from now on each is asked for by itself.
    if (await fileCalls.flushFileSystem?.(this.root) === false) this.#flushesTogether = false;
  }

  flushFiles(paths: readonly SafePath[]): Promise<void> {
    return this.#flush(paths);
  }

  async flushDirectories(paths: readonly SafePath[]): Promise<void> {
    // Windows opens no directory to be flushed.
    if (Deno.build.os !== "windows") await this.#flush(paths);
  }

  #flush(paths: readonly SafePath[]): Promise<void> {
    return flush(paths.map((path) => this.locate(path)), { together: this.#flushesTogether });
  }
}

/** The name of dfs's own folder in other capitals; nothing of that name is ever made. */
const foreignCase = stateDirectoryName.toUpperCase();

/** Whether two names that differ in capitals lead to the same place; as is usual on the platform if neither is there. */
function isFolding(name: string, other: string): boolean {
  try {
    const known = Deno.lstatSync(name);
    try {
      const found = Deno.lstatSync(other);
      return known.ino === found.ino && known.dev === found.dev;
    } catch {
      return false;
    }
  } catch {
    return Deno.build.os === "windows" || Deno.build.os === "darwin";
  }
}

/**
 * Makes sure that a path is a folder, and gives it in its absolute form with symbolic links resolved.
 *
 * @throws {Failure} if it does not exist, is no folder, or cannot be read.
 */
export function resolveFolder(path: string): string {
  try {
    const real = Deno.realPathSync(path);
    if (Deno.statSync(real).isDirectory) return real;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new Failure("not_found", `There is no folder "${path}"`, { hint: "Check the path, or create it", cause });
    }
    throw platformFailure(`read the folder "${path}"`, cause);
  }
  throw new Failure("usage", `"${path}" is a file where a folder is expected`, { hint: "Name the folder it lies in" });
}

import type { FileMarks, Folder, FolderReader, FolderWriter } from "../../lib/client/mod.ts";
import { joinPath, type SafePath } from "../../lib/core/mod.ts";
import { type FileTime, timeOf } from "../../lib/metadata/mod.ts";
import { DirectoryLook, type DiskName, type DiskStat } from "../../lib/sync/mod.ts";
import type { FileNode, FolderNode, MemoryFiles, MemoryNode, Place } from "./memory_files.ts";
import { Crash, type Process } from "./process.ts";

/** Options of a {@linkcode SimulatedFolder}. */
export interface SimulatedFolderOptions {
  /** The program that works in it. */
  readonly process: Process;
  /** Told of what must never happen. */
  readonly onViolation: (violation: string) => void;
}

/** The files of a machine as one program sees and changes them: each call is a step of the program. */
export class SimulatedFolder implements Folder {
  readonly root = "/folder";
  readonly keepsModes = true;
  readonly #files: MemoryFiles;
  readonly #process: Process;
  readonly #onViolation: (violation: string) => void;
  /** Files that the program removed. */
  readonly #removed = new Set<SafePath>();

  constructor(files: MemoryFiles, { process, onViolation }: SimulatedFolderOptions) {
    this.#files = files;
    this.#process = process;
    this.#onViolation = onViolation;
  }

  locate(path: SafePath): string {
    return path === "" ? this.root : `${this.root}/${path}`;
  }

  readDirectory(directory: SafePath): DiskName[] {
    this.#process.look("readDirectory", directory);
    const node = this.#files.follow(directory);
    if (node.kind !== "directory") throw new Deno.errors.NotADirectory(`Not a directory (os error 20): ${directory}`);
    allow(node, 0o400, directory);
    return [...node.names].map(([name, { kind }]) => {
      return { name, isFile: kind === "file", isDirectory: kind === "directory", isSymlink: kind === "symlink" };
    });
  }

  stat(path: SafePath): DiskStat {
    this.#process.look("stat", path);
    return statOf(this.#files.find(path));
  }

  readLink(path: SafePath): string {
    this.#process.look("readLink", path);
    const node = this.#files.find(path);
    if (node.kind !== "symlink") throw failed("EINVAL", "Invalid argument (os error 22)");
    return node.target;
  }

  open(path: SafePath): FolderReader {
    this.#process.look("open", path);
    const node = this.#files.follow(path);
    if (node.kind !== "file") throw new Deno.errors.IsADirectory(`Is a directory (os error 21): ${path}`);
    allow(node, 0o400, path);
    let offset = 0;
    return {
      read: (into) => {
        this.#process.look("read", path);
        const piece = node.bytes.subarray(offset, offset + into.length);
        into.set(piece);
        offset += piece.length;
        return piece.length;
      },
      seek: (to) => {
        offset = to;
      },
      stat: () => {
        this.#process.look("stat", path);
        return statOf(node);
      },
      [Symbol.dispose]: () => {},
    };
  }

  look(directory: SafePath): DirectoryLook | undefined {
    try {
      return DirectoryLook.of(
        this.readDirectory(directory).map(({ name }) => {
          return { name, stat: this.stat(joinPath(directory, name)) };
        }),
      );
    } catch (cause) {
      if (cause instanceof Crash) throw cause;
      return undefined;
    }
  }

  write(path: SafePath, from: number): FolderWriter {
    this.#process.write(`write ${path}`);
    const place = this.#placeOf(path);
    const known = place.directory.names.get(place.name);
    if (known !== undefined && known.kind !== "file") throw new Deno.errors.IsADirectory("Is a directory");
    if (known !== undefined) allow(known, 0o200, path);
    const file: FileNode = known ?? this.#files.file(new Uint8Array(), 0o600);
    if (known === undefined) this.#setName(place, file);
    if (file.bytes.length !== from) this.#files.setBytes(file, file.bytes.slice(0, from));
    return {
      write: (bytes) => {
        this.#process.write(`write on ${path}`);
        const longer = new Uint8Array(file.bytes.length + bytes.length);
        longer.set(file.bytes);
        longer.set(bytes, file.bytes.length);
        this.#files.setBytes(file, longer);
      },
      [Symbol.dispose]: () => {},
    };
  }

  make(path: SafePath, bytes: Uint8Array<ArrayBuffer>, marks: FileMarks): void {
    using writer = this.write(path, 0);
    writer.write(bytes);
    this.setMode(path, marks.mode);
    this.setTime(path, marks);
  }

  copyIn(file: string, path: SafePath): void {
    const bytes = this.#files.aside.get(file);
    if (bytes === undefined) throw new Deno.errors.NotFound(`No such file or directory (os error 2): ${file}`);
    using writer = this.write(path, 0);
    writer.write(bytes);
  }

  makeDirectory(path: SafePath): void {
    this.#process.write(`makeDirectory ${path}`);
    this.#removed.delete(path);
    this.#make(path, this.#files.directory(0o700));
  }

  makeLink(path: SafePath, target: string): void {
    this.#process.write(`makeLink ${path}`);
    this.#make(path, this.#files.link(target));
  }

  move(from: SafePath, to: SafePath): void {
    this.#process.step(`move ${from} ${to}`);
    const [source, target] = [this.#placeOf(from), this.#placeOf(to)];
    const node = this.#files.find(from);
    if (target.directory.names.get(target.name)?.kind === "directory") {
      throw new Deno.errors.IsADirectory(`Is a directory (os error 21): ${to}`);
    }
    if (this.#removed.has(to) && node.kind === "file") this.#onViolation(`I5: ${to} was briefly absent`);
    for (const { directory, name } of [source, target]) allow(directory, 0o300, name);
    this.#files.move(source, target, node);
  }

  remove(path: SafePath): void {
    this.#process.step(`remove ${path}`);
    const node = this.#files.find(path);
    if (node.kind === "directory" && node.names.size > 0) {
      throw failed("ENOTEMPTY", `Directory not empty (os error 39): ${path}`);
    }
    if (node.kind === "file") this.#removed.add(path);
    this.#setName(this.#placeOf(path), undefined);
  }

  removeAll(path: SafePath): void {
    this.#process.step(`removeAll ${path}`);
    if (this.#files.has(path)) this.#setName(this.#placeOf(path), undefined);
  }

  setMode(path: SafePath, mode: number): void {
    this.#process.step(`setMode ${path}`);
    this.#checkInside(path);
    this.#files.setAttributes(this.#files.follow(path), { mode });
  }

  setTime(path: SafePath, time: FileTime): void {
    this.#process.step(`setTime ${path}`);
    this.#checkInside(path);
    this.#files.setAttributes(this.#files.follow(path), timeOf(time));
  }

  async flushFiles(paths: readonly SafePath[]): Promise<void> {
    for (const path of paths) {
      this.#process.step(`flush ${path}`);
      const node = this.#files.find(path);
      if (node.kind === "file") this.#files.flush(node);
    }
    await Promise.resolve();
  }

  async flushDirectories(paths: readonly SafePath[]): Promise<void> {
    for (const path of paths) {
      this.#process.step(`flush ${path}`);
      this.#files.find(path);
      this.#files.flushNames();
    }
    await Promise.resolve();
  }

  #make(path: SafePath, node: MemoryNode): void {
    const place = this.#placeOf(path);
    if (place.directory.names.has(place.name)) {
      throw new Deno.errors.AlreadyExists(`File exists (os error 17): ${path}`);
    }
    this.#setName(place, node);
  }

  #setName(place: Place, node: MemoryNode | undefined): void {
    allow(place.directory, 0o300, place.name);
    this.#files.setName(place, node);
  }

  #placeOf(path: SafePath): Place {
    this.#checkInside(path);
    return this.#files.place(path);
  }

  #checkInside(path: SafePath): void {
    if (!this.#files.place(path).outside) return;
    this.#onViolation(`I8: ${path} lies behind a link, and would be changed outside of the root`);
  }
}

function allow(node: FileNode | FolderNode, bits: number, path: string): void {
  if ((node.mode & bits) === bits) return;
  throw new Deno.errors.PermissionDenied(`Permission denied (os error 13): ${path}`);
}

/** An error as the platform words it. */
export function failed(code: string, message: string): Error {
  return Object.assign(new Error(message), { name: code, code });
}

function statOf(node: MemoryNode): DiskStat {
  const { kind, mode, mtimeMs, mtimeRestNs, ctimeMs, inode } = node;
  return { kind, size: node.kind === "file" ? node.bytes.length : 0, mode, mtimeMs, mtimeRestNs, ctimeMs, inode };
}

import type { Clock } from "../../lib/core/mod.ts";
import { baseName, isWithin, joinPath, parentPath, rootPath, type SafePath } from "../../lib/core/mod.ts";
import type { Disk, DiskName, DiskReader, DiskStat } from "../../lib/sync/mod.ts";

/** The methods of a {@linkcode Disk} that look at a path. */
export type DiskCall = "readDirectory" | "stat" | "readLink" | "open" | "read" | "fstat";

/** Options of a {@linkcode MemoryDisk}. */
export interface MemoryDiskOptions {
  /** Whose time changes bear. */
  readonly clock: Clock;
  /** Whether permission bits can be read; they can unless told. */
  readonly keepsModes?: boolean;
  /** The step of its times in milliseconds; 1 unless told. */
  readonly timeStepMs?: number;
}

interface Inode {
  kind: DiskStat["kind"];
  bytes: Uint8Array;
  target: string;
  mode: number;
  mtimeMs: number;
  ctimeMs: number;
  readonly inode: number;
}

/** A folder in memory, as a client sees one on disk; a test changes it between and during the calls. */
export class MemoryDisk implements Disk {
  readonly root: string = "/memory";
  readonly keepsModes: boolean;
  /** Called before each look at a path; what it throws is what the call throws. */
  onCall: (call: DiskCall, path: string) => void = () => {};
  /** The most bytes that one read gives. */
  readBytesMax = Infinity;
  /** How often each path was opened. */
  readonly opened: Map<string, number> = new Map();
  readonly #clock: Clock;
  readonly #timeStepMs: number;
  readonly #nodes = new Map<SafePath, Inode>();
  #inodes = 0;

  constructor(options: MemoryDiskOptions) {
    this.#clock = options.clock;
    this.keepsModes = options.keepsModes ?? true;
    this.#timeStepMs = options.timeStepMs ?? 1;
    this.#nodes.set(rootPath, this.#inode("directory", {}));
  }

  /** Makes a call on a path, and on what lies below it, throw. */
  fail(call: DiskCall, path: string, cause: Error): void {
    const before = this.onCall;
    this.onCall = (called, at) => {
      if (called === call && isWithin(at as SafePath, path as SafePath)) throw cause;
      before(called, at);
    };
  }

  /** Writes into a file, new or not; it stays the same file. */
  write(path: string, content: string | Uint8Array): void {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const node = this.#nodes.get(path as SafePath);
    if (node?.kind === "file") {
      node.bytes = bytes;
      node.mtimeMs = node.ctimeMs = this.#now();
    } else this.#put(path, this.#inode("file", { bytes }));
  }

  /** Puts a new file in the place of whatever is there, as a rename does. */
  replace(path: string, content: string | Uint8Array): void {
    this.remove(path);
    this.write(path, content);
  }

  /** Makes a folder, with those above. */
  mkdir(path: string): void {
    this.#put(path, this.#inode("directory", { mode: 0o755 }));
  }

  /** Makes a symbolic link. */
  symlink(path: string, target: string): void {
    this.#put(path, this.#inode("symlink", { target }));
  }

  /** Makes something that is no file, folder or link. */
  socket(path: string): void {
    this.#put(path, this.#inode("other", {}));
  }

  /** Sets permission bits. */
  chmod(path: string, mode: number): void {
    const node = this.#node(path);
    node.mode = mode;
    node.ctimeMs = this.#now();
  }

  /** Sets the modification time. */
  utime(path: string, mtimeMs: number): void {
    const node = this.#node(path);
    node.mtimeMs = mtimeMs;
    node.ctimeMs = this.#now();
  }

  /** Removes whatever is at a path, with all in it. */
  remove(path: string): void {
    for (const [other, node] of [...this.#nodes]) {
      if (!isWithin(other, path as SafePath)) continue;
      this.#nodes.delete(other);
      node.ctimeMs = this.#now();
    }
  }

  readDirectory(directory: SafePath): DiskName[] {
    this.onCall("readDirectory", directory);
    if (this.#node(directory).kind !== "directory") {
      throw new Deno.errors.NotADirectory("Not a directory (os error 20)");
    }
    const names: DiskName[] = [];
    for (const [path, { kind }] of this.#nodes) {
      if (path === rootPath || parentPath(path) !== directory) continue;
      const [isFile, isDirectory, isSymlink] = [kind === "file", kind === "directory", kind === "symlink"];
      names.push({ name: baseName(path), isFile, isDirectory, isSymlink });
    }
    return names;
  }

  stat(path: SafePath): DiskStat {
    this.onCall("stat", path);
    return this.#statOf(this.#node(path));
  }

  readLink(path: SafePath): string {
    this.onCall("readLink", path);
    return this.#node(path).target;
  }

  open(path: SafePath): DiskReader {
    this.onCall("open", path);
    this.opened.set(path, (this.opened.get(path) ?? 0) + 1);
    const node = this.#followed(path);
    let offset = 0;
    return {
      read: (into) => {
        this.onCall("read", path);
        const piece = node.bytes.subarray(offset, offset + Math.min(into.length, this.readBytesMax));
        into.set(piece);
        offset += piece.length;
        return piece.length;
      },
      stat: () => {
        this.onCall("fstat", path);
        return this.#statOf(node);
      },
      [Symbol.dispose]: () => {},
    };
  }

  /** What a path leads to: a platform follows links when it opens a file. */
  #followed(path: SafePath): Inode {
    const node = this.#node(path);
    return node.kind === "symlink" ? this.#followed(joinPath(parentPath(path), node.target)) : node;
  }

  #put(path: string, node: Inode): void {
    const parent = parentPath(path as SafePath);
    if (!this.#nodes.has(parent)) this.mkdir(parent);
    this.#nodes.set(path as SafePath, node);
  }

  #inode(kind: Inode["kind"], more: Partial<Inode>): Inode {
    const now = this.#now();
    const inode = ++this.#inodes;
    return { kind, bytes: new Uint8Array(), target: "", mode: 0o644, mtimeMs: now, ctimeMs: now, ...more, inode };
  }

  #node(path: string): Inode {
    const node = this.#nodes.get(path as SafePath);
    const above = this.#nodes.get(parentPath(path as SafePath));
    if (node === undefined && above !== undefined && above.kind !== "directory") {
      throw new Deno.errors.NotADirectory(`Not a directory (os error 20): ${path}`);
    }
    if (node === undefined) throw new Deno.errors.NotFound(`No such file or directory (os error 2): ${path}`);
    return node;
  }

  #statOf({ kind, bytes, mode, mtimeMs, ctimeMs, inode }: Inode): DiskStat {
    return { kind, size: bytes.length, mode: this.keepsModes ? mode : 0, mtimeMs, ctimeMs, inode };
  }

  #now(): number {
    return Math.floor(this.#clock.now() / this.#timeStepMs) * this.#timeStepMs;
  }
}

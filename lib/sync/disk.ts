import type { SafePath } from "../core/mod.ts";
import type { FileTime } from "../metadata/mod.ts";
import type { DirectoryLook } from "./directory_look.ts";
import type { Tree } from "./tree.ts";

/**
 * The folder a client keeps in step, as the sync layer sees it. Every path is inside it. Methods throw what the
 * platform throws (`Deno.errors`).
 *
 * Walking and small reads are synchronous: a promise for each of many small files costs several times the work itself
 * (measured: 18,000 files walked in 160 ms against 780 ms).
 */
export interface Disk {
  /** Where the folder lies, for messages. */
  readonly root: string;
  /** Whether permission bits can be read and set here; on Windows they cannot. */
  readonly keepsModes: boolean;
  /** What lies in a directory, in any order. */
  readDirectory(directory: SafePath): DiskName[];
  /** What is at a path; a symbolic link is not followed. */
  stat(path: SafePath): DiskStat;
  /**
   * Looks into a directory at once, where the disk has a quick way for that. Nothing if anything is in the way: asking one
   * by one shows what that is.
   */
  look?(directory: SafePath): DirectoryLook | undefined;
  /**
   * Begins to look into directories on another thread, if there is so much in them that this pays. A disk need not be able
   * to.
   *
   * @param known The directories that are likely to be there, with what lay in them.
   */
  lookAhead?(known: Tree): LookAhead | undefined;
  /** What a symbolic link says. */
  readLink(path: SafePath): string;
  /** Opens a file for reading; refuses to follow a symbolic link by comparing what was opened with what was named. */
  open(path: SafePath): DiskReader;
}

/** A name in a directory. */
export interface DiskName {
  /** The last name of its path, as the platform gives it; it may be one that dfs cannot store. */
  readonly name: string;
  /** Whether it is a regular file; a name that is none of the three is a device, a socket or a pipe. */
  readonly isFile: boolean;
  /** Whether it is a directory itself, not a link to one. */
  readonly isDirectory: boolean;
  /** Whether it is a symbolic link, wherever that leads. */
  readonly isSymlink: boolean;
}

/** What the platform says of a path. */
export interface DiskStat extends FileTime {
  /** `other` is what cannot be stored: devices, sockets and pipes. */
  readonly kind: "file" | "directory" | "symlink" | "other";
  /** Length of a file in bytes; of the other kinds, whatever the platform says. */
  readonly size: number;
  /** Permission bits, 0 to 0o7777; 0 where the platform has none. */
  readonly mode: number;
  /** Nanoseconds after {@linkcode FileTime.mtimeMs}; absent where the platform tells whole milliseconds only. */
  readonly mtimeRestNs?: number | undefined;
  /**
   * When anything of it changed, in milliseconds since 1970, to the microsecond where the platform tells it so finely; 0
   * where it does not tell at all.
   */
  readonly ctimeMs: number;
  /** The file's number on its disk; 0 where the platform does not tell. */
  readonly inode: number;
}

/** Directories that are looked into ahead of a walk. */
export interface LookAhead extends Disposable {
  /** What was found in a directory; nothing if the walk has to look itself. Each can be taken once. */
  take(directory: SafePath): AheadLook | undefined;
}

/** What was found in a directory ahead of a walk. */
export interface AheadLook {
  /** What lay in it. */
  readonly look: DirectoryLook;
  /** The directory's own number on its disk, seen after all that lay in it. */
  readonly inode: number;
}

/** An open file. */
export interface DiskReader extends Disposable {
  /** Reads on; gives how many bytes came, 0 at the end. */
  read(into: Uint8Array): number;
  /** What the platform says of the open file now. */
  stat(): DiskStat;
}

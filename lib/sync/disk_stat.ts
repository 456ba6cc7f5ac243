import type { FileTime } from "../metadata/mod.ts";

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

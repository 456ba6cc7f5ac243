import type { FileTime } from "../../metadata/mod.ts";
import type { DirectoryLook, DiskStat } from "../../sync/mod.ts";
import { denoCalls } from "./deno_calls.ts";
import type { FileMarks, FolderReader } from "./folder.ts";
import { linuxCalls } from "./linux_calls.ts";

/**
 * What a platform does with files whose times matter. They take whole paths, without NUL, and throw what the platform throws
 * (`Deno.errors`).
 */
export interface FileCalls {
  /** What is at a path; a symbolic link is not followed. */
  stat(path: string): DiskStat;
  /** Looks into a directory; nothing if anything is in the way, or a name in it is not Unicode. A symbolic link is followed. */
  look(path: string): DirectoryLook | undefined;
  /** Opens a file for reading; a symbolic link is followed. */
  open(path: string): FolderReader;
  /**
   * Makes a file of some bytes, in the place of any that is there, with its permissions, where the platform has such, and its
   * time; what the disk refuses to keep of these it does without.
   */
  make(path: string, bytes: Uint8Array<ArrayBuffer>, marks: FileMarks): void;
  /** Sets when a file was last modified and read; a symbolic link is followed. */
  setTime(path: string, time: FileTime): void;
  /** Lets something take another place on the same device, instead of the file or link that lies there. */
  rename(from: string, to: string): void;
  /**
   * Puts all of the file system that a path lies on onto its medium, and says whether that went well; absent where there is no
   * such call.
   */
  flushFileSystem?(path: string): Promise<boolean>;
}

/** The most exact calls that this platform has, and that dfs may use. */
export const fileCalls: FileCalls = linuxCalls() ?? denoCalls;

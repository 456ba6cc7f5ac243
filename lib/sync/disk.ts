import type { SafePath } from "../core/mod.ts";
import type { DirectoryLook } from "./directory_look.ts";
import type { DiskName, DiskStat } from "./disk_stat.ts";
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

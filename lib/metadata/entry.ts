import type { Hash } from "../core/mod.ts";
import { type FileTime, sameTime, timeOf } from "./file_time.ts";

/**
 * What one path of a space is, without its name: a file, a directory or a symbolic link.
 *
 * Kept: content, permission bits, and the modification time of files, to the nanosecond where the platform has it so. Not
 * kept: owner and group, extended attributes, times of directories and of symbolic links.
 */
export type Entry = FileEntry | DirectoryEntry | SymlinkEntry;

/** A regular file. */
export interface FileEntry extends FileTime {
  /** Tells a file from the other kinds of entry. */
  readonly kind: "file";
  /** POSIX permission bits, 0 to 0o7777. */
  readonly mode: number;
  /** Length in bytes. */
  readonly size: number;
  /** Names the bytes: see {@linkcode Manifest.contentId}. */
  readonly content: Hash;
}

/** A directory. What lies in it are entries of their own. */
export interface DirectoryEntry {
  /** Tells a directory from the other kinds of entry. */
  readonly kind: "directory";
  /** POSIX permission bits, 0 to 0o7777. */
  readonly mode: number;
}

/** A symbolic link. */
export interface SymlinkEntry {
  /** Tells a symbolic link from the other kinds of entry. */
  readonly kind: "symlink";
  /** What the link says, as it says it. */
  readonly target: string;
}

/** The same file with another modification time. */
export function withTime({ mtimeRestNs: _, ...file }: FileEntry, time: FileTime): FileEntry {
  return { ...file, ...timeOf(time) };
}

/** Says whether two entries are the same in everything that is kept. */
export function sameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  switch (a.kind) {
    case "file":
      return b.kind === "file" && a.content === b.content && a.size === b.size && a.mode === b.mode &&
        sameTime(a, b);
    case "directory":
      return b.kind === "directory" && a.mode === b.mode;
    case "symlink":
      return b.kind === "symlink" && a.target === b.target;
  }
}

/** Says whether two entries hold the same content, whatever their times and permissions. */
export function sameContent(a: Entry, b: Entry): boolean {
  if (a.kind === "file") return b.kind === "file" && a.content === b.content && a.size === b.size;
  if (a.kind === "symlink") return b.kind === "symlink" && a.target === b.target;
  return b.kind === "directory";
}

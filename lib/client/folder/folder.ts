import type { SafePath } from "../../core/mod.ts";
import type { FileTime } from "../../metadata/mod.ts";
import type { Disk, DiskReader } from "../../sync/mod.ts";

/**
 * The folder a client keeps in step, to be read and to be changed. dfs's own state lies in it, too, and is changed by the
 * same calls. Methods throw what the platform throws (`Deno.errors`).
 *
 * What was written can be seen at once, and is safe from a crash of the machine only once it was flushed: the bytes of a
 * file by {@linkcode Folder.flushFiles}, which names lie in a directory by {@linkcode Folder.flushDirectories}.
 */
export interface Folder extends Disk {
  /** Whether names that differ only in capitals, or in how characters are composed, are one name; not unless said. */
  readonly foldsNames?: boolean;
  /** The whole path of what lies at a path, for messages. */
  locate(path: SafePath): string;
  /** Opens a file for reading, in any order; a symbolic link is followed, which shows by what was opened. */
  open(path: SafePath): FolderReader;
  /** Opens a file to write on from a length; makes it if need be, and cuts off what it holds beyond. Only its owner may read a new one. */
  write(path: SafePath, from: number): FolderWriter;
  /**
   * Makes a file of some bytes, in the place of any that is there, with permissions and a time; what the disk refuses to keep
   * of these it does without.
   */
  make(path: SafePath, bytes: Uint8Array<ArrayBuffer>, marks: FileMarks): void;
  /** Begins to make small files on another thread; `undefined` or absent where there is none. */
  makeMany?(): FileMaker | undefined;
  /** Makes a file a copy of one that may lie anywhere on this machine, with its permissions. */
  copyIn(file: string, path: SafePath): void;
  /** Makes a directory into which only its owner may look. */
  makeDirectory(path: SafePath): void;
  /** Makes a symbolic link. */
  makeLink(path: SafePath, target: string): void;
  /**
   * Lets a file or a link take another place, instead of the file or link that lies there: whoever looks sees the one or
   * the other. On another device a copy takes the place.
   */
  move(from: SafePath, to: SafePath): void;
  /** Removes a file, a link or an empty directory. */
  remove(path: SafePath): void;
  /** Removes whatever is at a path, with all in it; nothing may be there. */
  removeAll(path: SafePath): void;
  /** Sets permission bits; a symbolic link is followed. */
  setMode(path: SafePath, mode: number): void;
  /** Sets the modification time; a symbolic link is followed. */
  setTime(path: SafePath, time: FileTime): void;
  /**
   * Begins to bring to the medium what was written so far, if the platform does that for all of it at once; what it does not
   * bring there, {@linkcode Folder.flushFiles} does. Absent where there is nothing to gain.
   */
  flushAhead?(): Promise<void>;
  /** Resolves when the bytes of these files are on the medium. */
  flushFiles(paths: readonly SafePath[]): Promise<void>;
  /** Resolves when the names in these directories are on the medium, if the platform can see to that. */
  flushDirectories(paths: readonly SafePath[]): Promise<void>;
}

/** What a file has beside its bytes. */
export interface FileMarks extends FileTime {
  /** Its permission bits. */
  readonly mode: number;
}

/**
 * Makes files one after another, each as {@linkcode Folder.make} does, though not at once. Disposing of it waits until nothing
 * is under way, and loses what fails.
 */
export interface FileMaker extends AsyncDisposable {
  /**
   * Takes in a file; the bytes need not stay.
   *
   * @throws what making one before it failed with.
   */
  make(path: SafePath, bytes: Uint8Array<ArrayBuffer>, marks: FileMarks): Promise<void>;
  /** Resolves when a file that was taken in is there. */
  made(path: SafePath): Promise<void>;
  /** Resolves when all are there; throws what making one of them failed with. */
  finish(): Promise<void>;
}

/** An open file, to be read in any order. */
export interface FolderReader extends DiskReader {
  /** Goes to a place; the next read begins there. */
  seek(offset: number): void;
}

/** An open file, to be written. */
export interface FolderWriter extends Disposable {
  /** Writes all of some bytes behind those before. */
  write(bytes: Uint8Array): void;
  /** Does so on another thread, for who writes all of it that way; absent where there is none for that. */
  readonly aside?: WriterAside;
}

/** Writes to an open file on another thread. */
export interface WriterAside {
  /** Writes all of some bytes, which must stay until then, behind those before; one call at a time. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Brings what was written to the medium, while more is being written, and lets the system forget it: a long file is not
   * to push all else out of memory. What it does not bring there, {@linkcode Folder.flushFiles} does.
   */
  flush(): Promise<void>;
}

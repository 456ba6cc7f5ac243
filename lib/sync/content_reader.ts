import { ancestors, type Clock, type Hash, platformFailure, type SafePath, sha256 } from "../core/mod.ts";
import { type ChunkRef, type FileEntry, Manifest, sameTime } from "../metadata/mod.ts";
import { chunkBytesMax } from "../storage/mod.ts";
import { chunkBytesMin, findBoundary } from "./chunker.ts";
import { type LocalNode, modeOf, type ScanProblem, type UnreadFile } from "./detector.ts";
import { stampOf } from "./stamp.ts";
import type { Disk, DiskReader } from "./disk.ts";
import type { DiskStat } from "./disk_stat.ts";
import { ManifestGuess } from "./manifest_guess.ts";
import type { EarlierChunk } from "./replaced_run.ts";
import { toldTime } from "./told_time.ts";

/** Some chunks and their bytes, as they were read. */
export interface ChunkWindow {
  /** The bytes of all chunks; beyond those it may hold others, which mean nothing. */
  readonly buffer: Uint8Array<ArrayBuffer>;
  /** In the order they lie in the buffer. */
  readonly chunks: readonly WindowChunk[];
}

/** One chunk in a {@linkcode ChunkWindow}. */
export interface WindowChunk {
  /** SHA-256 of its bytes. */
  readonly hash: Hash;
  /** Where its bytes begin in the buffer. */
  readonly start: number;
  /** Where they end. */
  readonly end: number;
  /** Tells the chunks of the file's earlier version that it may be much like; absent if there is none. */
  readonly replaces?: (() => readonly EarlierChunk[]) | undefined;
}

/** Takes in what was read. */
export interface WindowSink {
  /**
   * Takes a full window; resolves when the reader may go on, not when the window has been dealt with.
   *
   * @returns A buffer to read on into; the one given belongs to the sink from now on.
   */
  take(window: ChunkWindow): Promise<Uint8Array<ArrayBuffer>>;
}

/** A file that was read. */
export interface ReadContent {
  /** Where it lies in the folder. */
  readonly path: SafePath;
  /** Its entry, and its stamp where that proves something; both hold for the very bytes that were read. */
  readonly node: LocalNode & { readonly entry: FileEntry };
  /** Its chunk list. */
  readonly manifest: Manifest;
}

/** Options of {@linkcode ContentReader}. */
export interface ContentReaderOptions {
  /** Tells when a read began: a file that changed just before gets no stamp. */
  readonly clock: Clock;
  /** Where the chunks go that no earlier version of their file had; without it they are only named. */
  readonly sink?: WindowSink | undefined;
  /** The chunk list of a content from before, to find unchanged chunks without looking for boundaries. */
  readonly manifestOf?: ((content: Hash) => Manifest | undefined) | undefined;
  /** About how many bytes there are to read, if that is known: a few need no window of full size. */
  readonly bytes?: number | undefined;
  /** Told after every piece. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Bytes read before what was read is handed on. */
export const windowBytes: number = 4 * 1024 * 1024;
/** From so many chunks on, all small files, a window is handed on: a server takes no longer list of names at once. */
const windowChunksMax = 16_384;
/** What a window must hold: two of the longest chunks. */
const windowBytesMin: number = 2 * chunkBytesMax;
/** So much is read, then cut and hashed before more is read: it all stays in the processor's own cache. */
const stepBytes: number = 512 * 1024;
/** How often a file that changes while it is read is read again. */
const readAttemptsMax = 3;

/**
 * Reads files one after another, cuts them into chunks and names these, handing windows of them to a sink: each byte is
 * read once, hashed once, and never copied but for the piece that straddles two windows.
 */
export class ContentReader {
  readonly #disk: Disk;
  readonly #options: ContentReaderOptions;
  #buffer: Uint8Array<ArrayBuffer>;
  #chunks: WindowChunk[] = [];
  /** How much of the buffer is chunks already. */
  #used = 0;

  /**
   * Takes one window of memory ({@linkcode windowBytes} at most) at once, and opens nothing yet.
   *
   * @param disk The folder whose files are read.
   */
  constructor(disk: Disk, options: ContentReaderOptions) {
    this.#disk = disk;
    this.#options = options;
    const { bytes = windowBytes } = options;
    this.#buffer = new Uint8Array(Math.min(windowBytes, Math.max(bytes, windowBytesMin)));
  }

  /**
   * Reads one file. If it changes meanwhile it is read again, and at last reported; a torn state is never returned,
   * though chunks of it may have gone to the sink.
   */
  async read(file: UnreadFile): Promise<ReadContent | ScanProblem> {
    if (this.#chunks.length >= windowChunksMax) await this.flush();
    try {
      for (let attempt = 0; attempt < readAttemptsMax; attempt++) {
        const content = await this.#readOnce(file, attempt === 0 ? file.stat : this.#disk.stat(file.path));
        // What the walk saw is known by its inode; what is seen now may lie behind a link that took the place of a folder.
        if (content !== undefined && (attempt === 0 || this.#isInside(file.path))) return content;
      }
      return { path: file.path, problem: "It kept changing while it was read", kind: "unreadable" };
    } catch (cause) {
      if (!isFileTrouble(cause)) throw cause;
      if (cause instanceof Deno.errors.NotFound) {
        return { path: file.path, problem: "It went away while the folder was read", kind: "vanished" };
      }
      const { message } = platformFailure(`read "${this.#disk.root}/${file.path}"`, cause);
      return { path: file.path, problem: message, kind: "unreadable" };
    }
  }

  /** Hands on what is left. */
  async flush(): Promise<void> {
    if (this.#used > 0) await this.#rotate(this.#used);
  }

  /** Whether no folder above a path is a symbolic link. */
  #isInside(path: SafePath): boolean {
    return ancestors(path).every((above) => this.#disk.stat(above).kind === "directory");
  }

  /** Reads a file that must stay throughout as `before` says it is; `undefined` if it did not. */
  async #readOnce(file: UnreadFile, before: DiskStat): Promise<ReadContent | undefined> {
    if (before.kind !== "file") return undefined;
    const startedMs = this.#options.clock.now();
    using reader = this.#disk.open(file.path);
    const manifest = await this.#readChunks(reader, before.size, file.known ?? file.similar);
    // The inode tells, too, that no symbolic link took the file's place: `before` is of the name itself.
    const after = reader.stat();
    if (!sameState(before, after) || manifest.size !== after.size) return undefined;
    const entry: FileEntry = {
      kind: "file",
      mode: modeOf(this.#disk, after, file.known && { entry: file.known }, 0o644),
      ...toldTime(after, file.known),
      size: after.size,
      content: manifest.contentId(),
    };
    const stamp = stampOf(after, startedMs);
    const { ctimeMs, inode } = after;
    const node = stamp === undefined ? { entry, stamp, seen: { ctimeMs, inode } } : { entry, stamp };
    return { path: file.path, node, manifest };
  }

  /** Reads `size` bytes, or less if the file ends before, and cuts them. */
  async #readChunks(reader: DiskReader, size: number, earlier: FileEntry | undefined): Promise<Manifest> {
    const known = earlier && this.#knownManifest(earlier);
    const guess = known && new ManifestGuess(known);
    const chunks: ChunkRef[] = [];
    let left = size;
    let start = this.#used;
    let filled = start;
    for (let ended = size === 0; !ended;) {
      const stepEnd = Math.min(filled + left, start + stepBytes);
      while (left > 0 && filled < Math.min(stepEnd, this.#buffer.length)) {
        const count = reader.read(this.#buffer.subarray(filled, stepEnd));
        if (count === 0) left = 0;
        else left -= count;
        filled += count;
        this.#options.onBytes?.(count);
      }
      ended = left === 0;
      const enough = ended ? 1 : chunkBytesMax;
      while (filled - start >= enough) start = this.#cut(start, filled, { ended, guess, chunks });
      if (!ended && filled === this.#buffer.length) {
        filled -= start;
        await this.#rotate(start, filled);
        start = 0;
      }
    }
    return Manifest.of(chunks);
  }

  /** The chunk list of an earlier version, if earlier versions may be relied on. */
  #knownManifest(earlier: FileEntry): Manifest | undefined {
    const { manifestOf } = this.#options;
    if (manifestOf === undefined || earlier.size === 0) return undefined;
    const stored = earlier.size > chunkBytesMin ? manifestOf(earlier.content) : undefined;
    if (stored !== undefined || earlier.size > chunkBytesMax) return stored;
    return Manifest.of([{ hash: earlier.content, length: earlier.size }]);
  }

  /** Cuts the chunk that begins at `start`; gives where it ends. */
  #cut(
    start: number,
    filled: number,
    file: { readonly ended: boolean; readonly guess: ManifestGuess | undefined; readonly chunks: ChunkRef[] },
  ): number {
    const guessed = file.guess?.nextLength(filled - start, file.ended);
    if (guessed !== undefined) {
      const hash = sha256(this.#buffer.subarray(start, start + guessed));
      if (file.guess!.accept(hash)) {
        file.chunks.push({ hash, length: guessed });
        return start + guessed;
      }
    }
    const end = findBoundary(this.#buffer, start, filled);
    const hash = sha256(this.#buffer.subarray(start, end));
    file.chunks.push({ hash, length: end - start });
    if (!file.guess?.resume(hash)) this.#keep({ hash, start, end, replaces: file.guess?.replaced(end - start) });
    return end;
  }

  #keep(chunk: WindowChunk): void {
    if (this.#options.sink !== undefined) this.#chunks.push(chunk);
    this.#used = chunk.end;
  }

  /** Hands the window on and begins a new one with the `tail` bytes from `start` on, which are no chunk yet. */
  async #rotate(start: number, tail = 0): Promise<void> {
    const full = this.#buffer;
    const { sink } = this.#options;
    if (sink !== undefined && this.#chunks.length > 0) {
      const rest = full.slice(start, start + tail);
      this.#buffer = await sink.take({ buffer: full, chunks: this.#chunks });
      this.#buffer.set(rest);
    } else {
      full.copyWithin(0, start, start + tail);
    }
    this.#chunks = [];
    this.#used = 0;
  }
}

function sameState(a: DiskStat, b: DiskStat): boolean {
  return a.size === b.size && sameTime(a, b) && a.ctimeMs === b.ctimeMs && a.inode === b.inode;
}

/** Tells trouble with one file from trouble with the network or the program, which ends the whole run. */
function isFileTrouble(cause: unknown): boolean {
  return cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.PermissionDenied ||
    cause instanceof Deno.errors.Busy || cause instanceof Deno.errors.IsADirectory ||
    cause instanceof Deno.errors.NotADirectory ||
    cause instanceof Deno.errors.FilesystemLoop ||
    (cause instanceof Error && "code" in cause && typeof cause.code === "string" && fileTroubleCodes.has(cause.code));
}

const fileTroubleCodes = new Set(["EIO", "ESTALE", "ETXTBSY", "EACCES", "EPERM", "ENXIO"]);

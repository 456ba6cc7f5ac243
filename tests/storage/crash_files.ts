import { basename, join } from "@std/path";
import type { OpenFile, PackFile } from "../../lib/storage/mod.ts";
import type { SeededRandom } from "../support/seeded_random.ts";

/** What is thrown at a program that is no more. */
export class Ended extends Error {
  override readonly name = "Ended";
}

/** How a program ends: by itself, or with all of the machine. */
export type CrashKind = "kill" | "power cut";

/** What {@linkcode CrashFiles.leave} leaves. */
export interface CrashOptions {
  readonly kind: CrashKind;
  readonly random: SeededRandom;
}

/** Options of {@linkcode CrashFiles}. */
export interface CrashFilesOptions {
  /** Whether what is flushed stays, as it must; true unless given. */
  readonly keepsFlushed?: boolean | undefined;
  /** Bytes of the index's log that are on the medium; 0 unless given. */
  readonly logFlushed?: number | undefined;
  /** Told before and after each write, flush and cut of a pack, and before each reading and opening. What it throws, the step fails with. */
  readonly onStep: (step: string) => Promise<void>;
}

/** The files of the index, which SQLite keeps. */
const [indexName, logName] = ["chunks.sqlite", "chunks.sqlite-wal"];

/**
 * The packs of a store in a folder, of which it is known what is on the medium for good: the bytes that were flushed, and
 * the names in a folder that was. Flushing itself is only noted, since nothing here goes down but what is simulated.
 */
export class CrashFiles {
  readonly #directory: string;
  readonly #options: CrashFilesOptions;
  /** What is flushed of each pack. */
  readonly #bytes = new Map<string, Uint8Array>();
  /** The packs whose names are flushed. */
  #names = new Set<string>();
  /** The index before anybody opened it; while it is the same, its log may lose its end. */
  readonly #indexBefore: Uint8Array | undefined;
  #logFlushed: number;
  #ended = false;
  #failed = false;
  #foldersLocked = 0;

  /** @param directory The folder of the store; all there is in it is on the medium. */
  constructor(directory: string, options: CrashFilesOptions) {
    this.#directory = directory;
    this.#options = options;
    this.#logFlushed = options.logFlushed ?? 0;
    for (const name of this.#present()) {
      this.#names.add(name);
      this.#bytes.set(name, Deno.readFileSync(this.#path(name)));
    }
    this.#indexBefore = readIfThere(join(directory, indexName));
  }

  /** Whether the program has ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether a step failed, or the program has ended. */
  get failed(): boolean {
    return this.#failed || this.#ended;
  }

  /** Whether somebody holds the lock under which packs are claimed and removed; who waits for it now waits for ever. */
  get folderLocked(): boolean {
    return this.#foldersLocked > 0;
  }

  /**
   * Ends the program: from now on whatever it does fails. Copies what the crash leaves into a new folder.
   *
   * @returns How many bytes of the index's log are on the medium there.
   */
  leave(to: string, { kind, random }: CrashOptions): number {
    this.#ended = true;
    Deno.mkdirSync(join(to, "packs"), { recursive: true });
    const present = this.#present();
    for (const name of [...new Set([...present, ...this.#names])].sort()) {
      const now = present.has(name) ? Deno.readFileSync(this.#path(name)) : undefined;
      const left = kind === "kill" ? now : this.#afterPowerCut(name, now, random);
      if (left !== undefined) Deno.writeFileSync(join(to, "packs", name), left);
    }
    const index = readIfThere(join(this.#directory, indexName));
    const log = readIfThere(join(this.#directory, logName));
    if (index !== undefined) Deno.writeFileSync(join(to, indexName), index);
    if (log === undefined) return 0;
    const cut = kind === "power cut" && sameBytes(index, this.#indexBefore) && random.below(2) === 0;
    const left = cut ? this.#logFlushed + random.below(log.length - this.#logFlushed + 1) : log.length;
    Deno.writeFileSync(join(to, logName), log.subarray(0, left));
    return kind === "power cut" ? left : this.#logFlushed;
  }

  /** Opens a real file, whose steps are told and whose flushes are noted. */
  readonly openFile: OpenFile = async (path, options) => {
    const name = basename(path);
    const isPack = name.endsWith(".pack");
    const isFolderLock = name === "recovery.lock";
    const step = async (what: string): Promise<void> => {
      if (isPack && !this.#ended) await this.#tell(`${what} ${name}`);
      if (this.#ended) throw new Ended("The program has ended");
    };
    await step("open");
    const file = Deno.openSync(path, options);
    let locked = false;
    const unlock = (): void => {
      if (locked && isFolderLock) this.#foldersLocked--;
      locked = false;
    };
    const close = (): void => {
      unlock();
      file.close();
    };
    return {
      seekSync: (offset, whence) => file.seekSync(offset, whence),
      read: async (buffer) => {
        await step("before a read of");
        return file.readSync(buffer);
      },
      stat: () => file.stat(),
      write: async (bytes) => {
        await step("before a write to");
        // As disks do, part of it may be there when the program ends.
        const written = file.writeSync(bytes.subarray(0, Math.ceil(bytes.length / 2)));
        await step("after a write to");
        return written;
      },
      truncate: async (length) => {
        // A pack is cut to nothing once it is durably noted that it is gone.
        if (isPack && length === 0) this.#logFlushed = readIfThere(join(this.#directory, logName))?.length ?? 0;
        await step("before a cut of");
        file.truncateSync(length);
        await step("after a cut of");
      },
      syncData: async () => {
        await step("before a flush of");
        if (this.#options.keepsFlushed ?? true) this.#noteFlushed(path);
        await step("after a flush of");
      },
      lock: async (exclusive) => {
        await file.lock(exclusive);
        locked = true;
        if (isFolderLock) this.#foldersLocked++;
      },
      tryLock: async (exclusive) => locked = await file.tryLock(exclusive),
      unlockSync: () => {
        file.unlockSync();
        unlock();
      },
      close,
      [Symbol.dispose]: close,
    } satisfies PackFile;
  };

  async #tell(step: string): Promise<void> {
    try {
      await this.#options.onStep(step);
    } catch (cause) {
      this.#failed = true;
      throw cause;
    }
  }

  #noteFlushed(path: string): void {
    const name = basename(path);
    if (name.endsWith(".pack")) this.#bytes.set(name, readIfThere(path) ?? new Uint8Array());
    else if (name === "packs") this.#names = this.#present();
  }

  /** What a pack holds after the machine went down; `undefined` for nothing. */
  #afterPowerCut(name: string, now: Uint8Array | undefined, random: SeededRandom): Uint8Array | undefined {
    const flushed = this.#bytes.get(name) ?? new Uint8Array();
    if (now === undefined) return random.pick([undefined, flushed, new Uint8Array()]);
    if (!this.#names.has(name) && random.below(3) === 0) return undefined;
    const grown = now.length > flushed.length;
    if (!grown || !sameBytes(now.subarray(0, flushed.length), flushed)) return random.pick([now, flushed]);
    const torn = now.slice(0, flushed.length + random.below(now.length - flushed.length + 1));
    const hollow = now.slice();
    const from = flushed.length + random.below(now.length - flushed.length);
    hollow.fill(0, from, from + 1 + random.below(now.length - from));
    return random.pick([now, flushed, torn, hollow]);
  }

  #present(): Set<string> {
    try {
      return new Set([...Deno.readDirSync(join(this.#directory, "packs"))].map(({ name }) => name));
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return new Set();
      throw cause;
    }
  }

  #path(name: string): string {
    return join(this.#directory, "packs", name);
  }
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw cause;
  }
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === b ||
    (a !== undefined && b !== undefined && a.length === b.length && a.every((byte, at) => byte === b[at]));
}

import { basename } from "@std/path";
import { platformFailure } from "../core/mod.ts";
import { closeLocked, packBytesMax, type PackFile, packHeadBytes, packPath, writeAt } from "./pack_file.ts";
import { flushFolder, lockFolder, type PackFolder, recordOf } from "./pack_folder.ts";
import type { IndexedFrame } from "./pack_index.ts";
import { recoverPack } from "./pack_recovery.ts";

/** A frame to be appended, and the names of its chunks. */
export interface NewFrame extends Omit<IndexedFrame, "pack" | "start" | "length"> {
  readonly bytes: Uint8Array;
}

/**
 * Enters frames that were written into the index, all or none. Gives how many of their chunks are new; `undefined` if the
 * pack was sealed meanwhile, so that nothing more may be appended to it.
 */
export type EnterFrames = (
  frames: readonly IndexedFrame[],
  file: PackFile,
) => number | undefined | Promise<number | undefined>;

/** The pack a writer appends to; its file is locked. */
interface OpenPack {
  readonly id: number;
  readonly file: PackFile;
  /** Up to here it holds whole frames that are indexed. */
  length: number;
}

/**
 * Appends frames to a pack that belongs to this writer alone for as long as it lives: the lock of the pack's file says
 * so. One call at a time.
 *
 * Frames are first written, then entered into the index; if either fails the pack is cut back to what it was.
 */
export class PackWriter implements Disposable {
  readonly #folder: PackFolder;
  readonly #packBytesMax: number;
  readonly #enter: EnterFrames;
  #pack: OpenPack | undefined;

  /**
   * Claims no pack yet.
   *
   * @param options How long a pack may become, {@linkcode packBytesMax} unless given; and how frames are entered, as new
   * ones unless given.
   */
  constructor(
    folder: PackFolder,
    options: { readonly packBytesMax?: number | undefined; readonly enter?: EnterFrames } = {},
  ) {
    this.#folder = folder;
    this.#packBytesMax = options.packBytesMax ?? packBytesMax;
    this.#enter = options.enter ?? ((frames) => folder.index.append(frames, folder.clock.now()));
  }

  /**
   * Appends frames and enters them into the index: in one transaction, unless they take more than one pack.
   *
   * @returns How many of their chunks are new.
   * @throws {Failure} kind `no_space` if the disk is full; then nothing is left of the frames that were to go to the same
   * pack, and the writer can go on.
   */
  async append(frames: readonly NewFrame[]): Promise<number> {
    let added = 0;
    for (let from = 0; from < frames.length;) {
      const pack = await this.#packFor(frames[from]!.bytes.length);
      const count = this.#countFitting(pack, frames.slice(from));
      const entered = await this.#appendTo(pack, frames.slice(from, from + count));
      // Sealed meanwhile: the same frames go to another pack.
      if (entered === undefined) continue;
      added += entered;
      from += count;
    }
    return added;
  }

  /** How many of the frames go to a pack which the first of them goes to in any case. */
  #countFitting(pack: OpenPack, [first, ...others]: readonly NewFrame[]): number {
    let end = pack.length + (first?.bytes.length ?? 0);
    const tooMuch = others.findIndex(({ bytes }) => (end += bytes.length) > this.#packBytesMax);
    return 1 + (tooMuch < 0 ? others.length : tooMuch);
  }

  async #appendTo(pack: OpenPack, frames: readonly NewFrame[]): Promise<number | undefined> {
    try {
      let end = pack.length;
      const entries: IndexedFrame[] = [];
      for (const { bytes, hashes, chunkLengths } of frames) {
        await writeAt(pack.file, end, bytes);
        entries.push({ pack: pack.id, start: end, length: bytes.length, hashes, chunkLengths });
        end += bytes.length;
      }
      const added = await this.#enter(entries, pack.file);
      if (added !== undefined) pack.length = end;
      else {
        await this.#cutBack(pack);
        this[Symbol.dispose]();
      }
      return added;
    } catch (cause) {
      await this.#cutBack(pack);
      throw platformFailure(`write to pack "${packPath(this.#folder.packs, pack.id)}"`, cause);
    }
  }

  /** Gives the pack back, for other writers to go on with. */
  [Symbol.dispose](): void {
    if (this.#pack !== undefined) closeLocked(this.#pack.file);
    this.#pack = undefined;
  }

  /** Takes back what a failed append left. If even that fails the pack is given up; whoever claims it recovers it. */
  async #cutBack(pack: OpenPack): Promise<void> {
    try {
      const entered = this.#folder.index.lastFrameEnd(pack.id, Number.MAX_SAFE_INTEGER) > pack.length;
      if (entered) this[Symbol.dispose]();
      else await pack.file.truncate(pack.length);
    } catch {
      this[Symbol.dispose]();
    }
  }

  /** The pack to append `bytes` to: the present one, or another if it would become too long. */
  async #packFor(bytes: number): Promise<OpenPack> {
    while (true) {
      const pack = this.#pack ??= await this.#claim();
      if (pack.length === packHeadBytes || pack.length + bytes <= this.#packBytesMax) return pack;
      this.#seal(pack);
    }
  }

  /** Ends a pack that is full. */
  #seal({ id, length }: OpenPack): void {
    const { index, events, packs } = this.#folder;
    index.seal(id);
    this[Symbol.dispose]();
    if (!events?.wants("storage.pack_sealed")) return;
    events.emit("storage.pack_sealed", {
      pack: basename(packPath(packs, id)),
      chunks: index.chunkCount(id),
      bytes: length,
    });
  }

  /** Takes a pack that nobody appends to, or begins a new one. */
  async #claim(): Promise<OpenPack> {
    using _lock = await lockFolder(this.#folder);
    const records = this.#folder.index.packs();
    for (const record of records) {
      const pack = record.sealed ? undefined : await this.#open(record.id, false);
      if (pack !== undefined) return pack;
    }
    for (let id = this.#folder.index.newestPack() + 1;; id++) {
      const pack = await this.#open(id, true);
      if (pack !== undefined) return pack;
    }
  }

  /** Opens and locks a pack; `undefined` if another process has it. */
  async #open(id: number, createNew: boolean): Promise<OpenPack | undefined> {
    const path = packPath(this.#folder.packs, id);
    let file: PackFile | undefined;
    try {
      file = await this.#folder.openFile(path, { read: true, write: true, createNew });
      if (await file.tryLock(true)) {
        const length = await this.#recover(id, file);
        if (createNew) await flushFolder(this.#folder);
        return { id, file, length };
      }
      file.close();
      return undefined;
    } catch (cause) {
      if (file !== undefined) closeLocked(file);
      if (cause instanceof Deno.errors.AlreadyExists) return undefined;
      throw platformFailure(`open pack "${path}"`, cause);
    }
  }

  async #recover(id: number, file: PackFile): Promise<number> {
    const { index, onRepair } = this.#folder;
    const repair = await recoverPack(file, recordOf(index, id), this.#folder);
    if (repair !== undefined) onRepair(repair);
    return recordOf(index, id).indexedLength;
  }
}

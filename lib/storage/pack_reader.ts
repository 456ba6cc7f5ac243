import { Failure, platformFailure } from "../core/mod.ts";
import type { FrameRoom } from "./frame_memory.ts";
import { type OpenFile, type PackFile, packPath, readAt } from "./pack_file.ts";
import type { FramePlace } from "./pack_index.ts";

/** How many packs stay open for reading while nobody reads. */
export const idlePacksMax = 64;

/**
 * Reads frames out of packs. A file that is open has one position, so each read has a file to itself; files that are not
 * in use are kept open for the next read, the most recently used ones.
 */
export class PackReader implements Disposable {
  readonly #packs: string;
  readonly #openFile: OpenFile;
  readonly #idle: { readonly pack: number; readonly file: PackFile }[] = [];
  #closed = false;

  /** @param packs The folder of the packs. */
  constructor(packs: string, openFile: OpenFile) {
    this.#packs = packs;
    this.#openFile = openFile;
  }

  /**
   * Reads a frame as it lies in its pack.
   *
   * @param room What it is put into, fresh memory unless given.
   * @returns Its bytes, unchecked.
   * @throws {Failure} kind `corrupt` if the pack ends before the frame does.
   */
  async read(place: FramePlace, room?: FrameRoom): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = room?.take(place.length) ?? new Uint8Array(place.length);
    const file = await this.#take(place.pack);
    try {
      const count = await readAt(file, place.start, bytes);
      if (count < bytes.length) throw damaged(place, "the pack ends early");
    } catch (cause) {
      file.close();
      throw platformFailure(`read pack "${packPath(this.#packs, place.pack)}"`, cause);
    }
    this.#giveBack(place.pack, file);
    return bytes;
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const { file } of this.#idle.splice(0)) file.close();
  }

  async #take(pack: number): Promise<PackFile> {
    const at = this.#idle.findLastIndex((idle) => idle.pack === pack);
    const [idle] = at < 0 ? [] : this.#idle.splice(at, 1);
    if (idle !== undefined) return idle.file;
    const path = packPath(this.#packs, pack);
    try {
      return await this.#openFile(path, { read: true });
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) throw new Failure("corrupt", `Pack "${path}" is gone`, { cause });
      throw platformFailure(`open pack "${path}"`, cause);
    }
  }

  #giveBack(pack: number, file: PackFile): void {
    this.#idle.push({ pack, file });
    while (this.#idle.length > (this.#closed ? 0 : idlePacksMax)) this.#idle.shift()?.file.close();
  }
}

/** The failure of a frame that is not what it must be. */
export function damaged(place: FramePlace, problem: string): Failure {
  return new Failure("corrupt", `Pack ${place.pack} is damaged in the frame at byte ${place.start}: ${problem}`, {
    hint: "Run `dfs verify --server` to see what else is damaged",
  });
}

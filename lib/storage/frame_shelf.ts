import { checkFrame, type FrameError, frameRawBytesMax, readFrameHead } from "./frame.ts";
import type { FrameRoom } from "./frame_memory.ts";
import { ok, type Result } from "../core/mod.ts";
import type { FramePlace } from "./pack_index.ts";
import { damaged, type PackReader } from "./pack_reader.ts";
import { UnpackedFrame } from "./unpacked_frame.ts";

/** How many bytes of unpacked frames are kept for the next who asks for a chunk of theirs. */
export const shelfBytesMax: number = 16 * frameRawBytesMax;

/** Reads frames, and keeps the unpacked ones that were used last. */
export class FrameShelf {
  readonly #reader: PackReader;
  /** In the order of their last use. */
  readonly #kept = new Map<number, UnpackedFrame>();
  readonly #loading = new Map<number, Promise<UnpackedFrame>>();
  #keptBytes = 0;

  constructor(reader: PackReader) {
    this.#reader = reader;
  }

  /**
   * A frame as it lies in its pack, compared with its checksum.
   *
   * @param room What it is put into, fresh memory unless given.
   * @returns Its bytes; `undefined` if it holds other chunks than those that have their place in it.
   * @throws {Failure} kind `corrupt` if it is not what it must be.
   */
  async packed(place: FramePlace, room?: FrameRoom): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = await this.#reader.read(place, room);
    const chunks = orDamaged(place, countChunks(bytes));
    return chunks === place.chunks ? bytes : undefined;
  }

  /**
   * The chunks of a frame.
   *
   * @throws {Failure} kind `corrupt` if it is not what it must be.
   */
  async unpacked(place: FramePlace): Promise<UnpackedFrame> {
    const kept = this.#kept.get(place.id);
    if (kept !== undefined) {
      this.#kept.delete(place.id);
      this.#kept.set(place.id, kept);
      return kept;
    }
    let loading = this.#loading.get(place.id);
    if (loading === undefined) {
      loading = this.#load(place);
      this.#loading.set(place.id, loading);
    }
    return await loading;
  }

  async #load(place: FramePlace): Promise<UnpackedFrame> {
    try {
      const bytes = await this.#reader.read(place);
      const head = orDamaged(place, readFrameHead(bytes));
      const unpacked = orDamaged(place, UnpackedFrame.from(bytes, head));
      this.#keep(place.id, unpacked);
      return unpacked;
    } finally {
      this.#loading.delete(place.id);
    }
  }

  #keep(id: number, unpacked: UnpackedFrame): void {
    this.#kept.set(id, unpacked);
    this.#keptBytes += unpacked.raw.length;
    for (const [oldest, { raw }] of this.#kept) {
      if (this.#keptBytes <= shelfBytesMax) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= raw.length;
    }
  }
}

/** How many chunks a frame holds, if it is sound. */
function countChunks(bytes: Uint8Array): Result<number, FrameError> {
  const head = readFrameHead(bytes);
  if (!head.ok) return head;
  const checked = checkFrame(bytes, head.value);
  return checked.ok ? ok(head.value.lengths.length) : checked;
}

function orDamaged<T>(place: FramePlace, result: Result<T, FrameError>): T {
  if (result.ok) return result.value;
  throw damaged(place, result.error.message);
}

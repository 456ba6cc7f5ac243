import { Failure, formatHash, type Hash, sha256 } from "../core/mod.ts";
import type { FrameShelf } from "./frame_shelf.ts";
import type { ChunkPlace, FramePlace, PackIndex } from "./pack_index.ts";
import { damaged } from "./pack_reader.ts";
import type { UnpackedFrame } from "./unpacked_frame.ts";

/** Where chunks are read from. */
export interface ChunkSource {
  readonly index: PackIndex;
  readonly shelf: FrameShelf;
}

/**
 * A chunk, compared with its name; a view into memory that others read too. A collection that moves it meanwhile does not
 * show: it is looked up again.
 *
 * @returns Its bytes; `undefined` if it is not stored.
 * @throws {Failure} kind `corrupt` if it is not what it must be.
 */
export async function readChunk(hash: Hash, source: ChunkSource): Promise<Uint8Array<ArrayBuffer> | undefined> {
  while (true) {
    const [place] = source.index.find([hash]);
    if (place === undefined) return undefined;
    try {
      return await readAtPlace(hash, place, source);
    } catch (cause) {
      if (!hasMoved([hash], place.frame, source.index)) throw cause;
    }
  }
}

async function readAtPlace(hash: Hash, place: ChunkPlace, source: ChunkSource): Promise<Uint8Array<ArrayBuffer>> {
  const frame = framePlaceOf(place.frame, source.index);
  return checkedChunk(await source.shelf.unpacked(frame), place.position, { hash, place: frame });
}

/** Says whether any of these chunks lies no longer in a frame that it was in. */
export function hasMoved(hashes: readonly Hash[], frame: number, index: PackIndex): boolean {
  return index.find(hashes).some((place) => place?.frame !== frame);
}

/**
 * Where a frame lies that the index names.
 *
 * @throws {Failure} kind `corrupt` if it has none of that number.
 */
export function framePlaceOf(frame: number, index: PackIndex): FramePlace {
  const place = index.frame(frame);
  if (place !== undefined) return place;
  throw new Failure("corrupt", `The chunk index names frame ${frame}, but has none`);
}

/**
 * A chunk of a frame, compared with its name.
 *
 * @throws {Failure} kind `corrupt` if other bytes lie there.
 */
export function checkedChunk(
  unpacked: UnpackedFrame,
  position: number,
  { hash, place }: { readonly hash: Hash; readonly place: FramePlace },
): Uint8Array<ArrayBuffer> {
  const chunk = unpacked.chunk(position);
  if (chunk !== undefined && sha256(chunk) === hash) return chunk;
  throw damaged(place, `chunk ${position} is not ${formatHash(hash)}`);
}

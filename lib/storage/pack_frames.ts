import { Failure, formatHash, type Hash, sha256 } from "../core/mod.ts";
import { type ChunkRun, chunkRuns } from "./chunk_runs.ts";
import { FrameBuilder } from "./frame_builder.ts";
import type { FrameShelf } from "./frame_shelf.ts";
import type { FramePlace, PackIndex } from "./pack_index.ts";
import { damaged } from "./pack_reader.ts";
import { prefetch } from "./prefetch.ts";
import type { UnpackedFrame } from "./unpacked_frame.ts";

/** How many frames are read ahead of the one that is being sent. */
const framesAhead = 3;

/** A run with what its frame holds. */
type LoadedRun =
  | { readonly packed: Uint8Array<ArrayBuffer> }
  | { readonly packed?: never; readonly run: ChunkRun; readonly place: FramePlace; readonly unpacked: UnpackedFrame };

/**
 * Gives the chunks asked for as frames, see `ChunkStore.frames`. A stored frame is handed on as it is if all its chunks
 * are asked for in its order; then its checksum is compared, not the chunks' names, which whoever receives it computes.
 * Otherwise frames are made anew of exactly the chunks asked for, each compared with its name.
 */
export async function* packFrames(
  hashes: readonly Hash[],
  { index, shelf }: { readonly index: PackIndex; readonly shelf: FrameShelf },
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const runs = chunkRuns(hashes, (part) => index.find(part));
  const builder = new FrameBuilder();
  for await (const loaded of prefetch(runs, (run) => loadRun(run, index, shelf), framesAhead)) {
    if (loaded.packed !== undefined) {
      const before = builder.finish();
      if (before !== undefined) yield before;
      yield loaded.packed;
      continue;
    }
    for (const chunk of chunksOf(loaded)) {
      const frame = builder.add(chunk);
      if (frame !== undefined) yield frame;
    }
  }
  const last = builder.finish();
  if (last !== undefined) yield last;
}

async function loadRun(run: ChunkRun, index: PackIndex, shelf: FrameShelf): Promise<LoadedRun> {
  const place = index.frame(run.frame);
  if (place === undefined) throw new Failure("corrupt", `The chunk index names frame ${run.frame}, but has none`);
  const whole = run.positions.length === place.chunks && run.positions.every((position, at) => position === at);
  const packed = whole ? await shelf.packed(place) : undefined;
  return packed === undefined ? { run, place, unpacked: await shelf.unpacked(place) } : { packed };
}

function* chunksOf({ run, place, unpacked }: Exclude<LoadedRun, { packed: Uint8Array }>): Generator<Uint8Array, void> {
  for (const [at, hash] of run.hashes.entries()) yield checkedChunk(unpacked, run.positions[at] ?? -1, { hash, place });
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
): Uint8Array {
  const chunk = unpacked.chunk(position);
  if (chunk !== undefined && sha256(chunk) === hash) return chunk;
  throw damaged(place, `chunk ${position} is not ${formatHash(hash)}`);
}

import { ok, type Result, sha256 } from "../../core/mod.ts";
import { type ChunkStore, FrameBuilder } from "../../storage/mod.ts";
import { cutPieces, decodeDelta, deltaBaseBytesMax, type DeltaOrder } from "../delta/mod.ts";
import { joinChunks, readForDelta } from "./read_for_delta.ts";

/** What came out of a delta. */
export interface RebuiltChunks {
  /** For each chunk that was to be made, whether it came out right. */
  readonly right: readonly boolean[];
  /** Those that did, as frames. */
  readonly frames: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * Makes the chunks of a delta whose units are pieces of old chunks. One that is not what its name says is not given out:
 * a piece may only have had the name of another. If an old chunk is gone meanwhile, none is.
 *
 * @param delta What a client sent; it is not trusted.
 * @returns The chunks, or what is wrong with the delta.
 */
export async function rebuildChunks(
  chunks: ChunkStore,
  order: DeltaOrder,
  delta: Uint8Array,
): Promise<Result<RebuiltChunks, string>> {
  const bases = await readForDelta(chunks, order.bases, deltaBaseBytesMax);
  // The client counted the pieces of all of them.
  if (bases.includes(undefined)) return ok({ right: order.targets.map(() => false), frames: [] });
  const bytes = joinChunks(bases);
  const ends = pieceEnds(bases);
  const made = decodeDelta(delta, {
    targets: order.targets.length,
    units: (from, count) => {
      const end = ends[from + count - 1];
      return end === undefined ? undefined : bytes.subarray(from === 0 ? 0 : ends[from - 1], end);
    },
  });
  if (!made.ok) return made;
  const right = made.value.map((chunk, index) => chunk !== undefined && sha256(chunk) === order.targets[index]);
  const builder = new FrameBuilder();
  const frames = made.value.flatMap((chunk, index) => right[index] && builder.add(chunk!) || []);
  return ok({ right, frames: [...frames, builder.finish() ?? []].flat() });
}

/** Where the pieces of all chunks end, one chunk behind the other. */
function pieceEnds(chunks: readonly (Uint8Array | undefined)[]): number[] {
  const all: number[] = [];
  let start = 0;
  for (const chunk of chunks) {
    if (chunk === undefined) continue;
    for (const end of cutPieces(chunk).ends) all.push(start + end);
    start += chunk.length;
  }
  return all;
}

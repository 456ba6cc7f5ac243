import { ok, type Result, sha256 } from "../../core/mod.ts";
import { type ChunkStore, FrameBuilder } from "../../storage/mod.ts";
import { decodeDelta, deltaBaseBytesMax, type DeltaOrder, PieceSpace } from "../delta/mod.ts";
import { isWhole, readForDelta } from "./read_for_delta.ts";

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
  if (!isWhole(bases)) return ok({ right: order.targets.map(() => false), frames: [] });
  const space = new PieceSpace(bases);
  const made = decodeDelta(delta, {
    targets: order.targets.length,
    units: (from, count) => space.units(from, count),
  });
  if (!made.ok) return made;
  const right = made.value.map((chunk, index) => chunk !== undefined && sha256(chunk) === order.targets[index]);
  const builder = new FrameBuilder();
  const frames = made.value.flatMap((chunk, index) => right[index] && builder.add(chunk!) || []);
  return ok({ right, frames: [...frames, builder.finish() ?? []].flat() });
}

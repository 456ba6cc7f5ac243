import type { ChunkStore } from "../../storage/mod.ts";
import {
  ByteIndex,
  deltaBaseBytesMax,
  type DeltaOrder,
  deltaPays,
  type DeltaTarget,
  deltaTargetBytesMax,
  encodeDelta,
} from "../delta/mod.ts";
import { eachForDelta, isWhole, joinChunks, readForDelta } from "./read_for_delta.ts";

/**
 * How to make new chunks of old ones that the client has, in units of bytes. Chunks that are not stored, or have little
 * in common with the old ones, are not among what the delta makes: they are fetched whole.
 */
export async function makeDelta(chunks: ChunkStore, order: DeltaOrder): Promise<Uint8Array<ArrayBuffer>> {
  const bases = await readForDelta(chunks, order.bases, deltaBaseBytesMax);
  if (!isWhole(bases)) return encodeDelta(order.targets.map(() => absent));
  const index = new ByteIndex(joinChunks(bases));
  const targets: DeltaTarget[] = [];
  let [readBytes, made] = [0, 0];
  for await (const chunk of eachForDelta(chunks, order.targets, deltaTargetBytesMax)) {
    const target = chunk === undefined ? absent : targetOf(index, chunk);
    targets.push(target);
    if (target !== absent) made++;
    readBytes += chunk?.length ?? 0;
    if (made === 0 && readBytes >= vainBytesMax) break;
  }
  return encodeDelta(order.targets.map((_, at) => targets[at] ?? absent));
}

/** When nothing of so many bytes of new chunks was found, no more are looked at: the old ones are of something else. */
const vainBytesMax: number = 2 * 1024 * 1024;
const absent: DeltaTarget = { length: 0, steps: [] };

function targetOf(index: ByteIndex, chunk: Uint8Array): DeltaTarget {
  const { steps, foundBytes } = index.find(chunk);
  return deltaPays(foundBytes, chunk.length) ? { length: chunk.length, steps } : absent;
}

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
import { isWhole, joinChunks, nextTurn, readForDelta, turnBytes } from "./read_for_delta.ts";

/**
 * How to make new chunks of old ones that the client has, in units of bytes. Chunks that are not stored, or have little
 * in common with the old ones, are not among what the delta makes: they are fetched whole.
 */
export async function makeDelta(chunks: ChunkStore, order: DeltaOrder): Promise<Uint8Array<ArrayBuffer>> {
  const bases = await readForDelta(chunks, order.bases, deltaBaseBytesMax);
  if (!isWhole(bases)) return encodeDelta(order.targets.map(() => absent));
  const index = new ByteIndex(joinChunks(bases));
  const targets: DeltaTarget[] = [];
  let turn = 0;
  for (const chunk of await readForDelta(chunks, order.targets, deltaTargetBytesMax)) {
    targets.push(chunk === undefined ? absent : targetOf(index, chunk));
    turn += chunk?.length ?? 0;
    if (turn < turnBytes) continue;
    turn = 0;
    await nextTurn();
  }
  return encodeDelta(targets);
}

const absent: DeltaTarget = { length: 0, steps: [] };

function targetOf(index: ByteIndex, chunk: Uint8Array): DeltaTarget {
  const { steps, foundBytes } = index.find(chunk);
  return deltaPays(foundBytes, chunk.length) ? { length: chunk.length, steps } : absent;
}

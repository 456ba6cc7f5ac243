import { Failure, formatHash, type Hash } from "../core/mod.ts";
import { checkedChunk, type ChunkSource, framePlaceOf, hasMoved, readChunk } from "./chunk_reader.ts";
import { type ChunkRun, chunkRuns } from "./chunk_runs.ts";
import { FrameBuilder } from "./frame_builder.ts";
import type { FrameMemory } from "./frame_memory.ts";
import { prefetch } from "./prefetch.ts";

/** How many frames are read ahead of the one that is being sent. */
const framesAhead = 3;

/** Where frames are read from, and what into: fresh memory unless given. */
interface FrameSource extends ChunkSource {
  readonly memory?: FrameMemory | undefined;
}

/** What is sent of a run: its frame as it lies in the pack, or its chunks. */
type LoadedRun =
  | { readonly packed: Uint8Array<ArrayBuffer> }
  | { readonly packed?: never; readonly chunks: Iterable<Uint8Array> };

/**
 * Gives the chunks asked for as frames, see `ChunkStore.frames`. A stored frame is handed on as it is if all its chunks
 * are asked for in its order; then its checksum is compared, not the chunks' names, which whoever receives it computes.
 * Otherwise frames are made anew of exactly the chunks asked for, each compared with its name.
 */
export async function* packFrames(
  hashes: readonly Hash[],
  source: FrameSource,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const runs = chunkRuns(hashes, (part) => source.index.find(part));
  const builder = new FrameBuilder();
  for await (const loaded of prefetch(runs, (run) => loadRun(run, source), framesAhead)) {
    if (loaded.packed !== undefined) {
      const before = builder.finish();
      if (before !== undefined) yield before;
      yield loaded.packed;
      source.memory?.give(loaded.packed);
      continue;
    }
    for (const chunk of loaded.chunks) {
      const frame = builder.add(chunk);
      if (frame !== undefined) yield frame;
    }
  }
  const last = builder.finish();
  if (last !== undefined) yield last;
}

async function loadRun(run: ChunkRun, source: FrameSource): Promise<LoadedRun> {
  try {
    return await loadFrame(run, source);
  } catch (cause) {
    if (!hasMoved(run.hashes, run.frame, source.index)) throw cause;
    return { chunks: await loadSingly(run, source) };
  }
}

async function loadFrame(run: ChunkRun, { index, shelf, memory }: FrameSource): Promise<LoadedRun> {
  const place = framePlaceOf(run.frame, index);
  const whole = run.positions.length === place.chunks && run.positions.every((position, at) => position === at);
  const packed = whole ? await shelf.packed(place, memory) : undefined;
  if (packed !== undefined) return { packed };
  const unpacked = await shelf.unpacked(place);
  return { chunks: run.hashes.map((hash, at) => checkedChunk(unpacked, run.positions[at] ?? -1, { hash, place })) };
}

/** Looks each chunk of a run up again: a collection moved some of them to other frames. */
async function loadSingly({ hashes }: ChunkRun, source: ChunkSource): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for (const hash of hashes) {
    const chunk = await readChunk(hash, source);
    if (chunk === undefined) throw new Failure("not_found", `Chunk ${formatHash(hash)} is not stored`);
    chunks.push(chunk);
  }
  return chunks;
}

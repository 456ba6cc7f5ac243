import { Failure, formatHash, type Hash } from "../core/mod.ts";
import { frameChunksMax } from "./frame.ts";
import { type ChunkPlace, lookupHashesMax } from "./pack_index.ts";

/** Chunks that are asked for one behind the other and lie in the same frame. */
export interface ChunkRun {
  readonly frame: number;
  /** Which chunks of the frame, in the order asked for. */
  readonly positions: number[];
  /** Their names. */
  readonly hashes: Hash[];
}

/**
 * Gathers chunks that are asked for into runs of the same frame. At most one lookup of hashes is held in memory.
 *
 * @param hashes The chunks, in the order asked for.
 * @param find Says where chunks lie.
 * @throws {Failure} kind `not_found` if one is not stored.
 */
export function* chunkRuns(
  hashes: readonly Hash[],
  find: (hashes: readonly Hash[]) => readonly (Pick<ChunkPlace, "frame" | "position"> | undefined)[],
): Generator<ChunkRun, void> {
  let run: ChunkRun | undefined;
  for (let from = 0; from < hashes.length; from += lookupHashesMax) {
    const part = hashes.slice(from, from + lookupHashesMax);
    const places = find(part);
    for (const [index, hash] of part.entries()) {
      const place = places[index];
      if (place === undefined) throw new Failure("not_found", `Chunk ${formatHash(hash)} is not stored`);
      if (run !== undefined && (run.frame !== place.frame || run.positions.length === frameChunksMax)) {
        yield run;
        run = undefined;
      }
      run ??= { frame: place.frame, positions: [], hashes: [] };
      run.positions.push(place.position);
      run.hashes.push(hash);
    }
  }
  if (run !== undefined) yield run;
}

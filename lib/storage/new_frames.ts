import type { Hash } from "../core/mod.ts";
import { encodeFrame } from "./frame.ts";
import type { NamedFrame } from "./named_frame.ts";
import type { NewFrame } from "./pack_writer.ts";

/**
 * What of a batch is to be stored: a frame as it came if all its chunks are new, which is what clients send since they
 * ask first what is lacking; else a frame made anew of the new ones, so that no chunk lies in the packs twice.
 *
 * @param batch The frames that came.
 * @param isStored For each chunk of the batch, in order, whether it is stored already, to stay.
 * @returns The frames to store, in order; none for a frame that brings nothing new.
 */
export function newFrames(batch: readonly NamedFrame[], isStored: readonly boolean[]): NewFrame[] {
  const seen = new Set<Hash>();
  const news: NewFrame[] = [];
  let chunk = 0;
  for (const { bytes, unpacked, hashes } of batch) {
    const positions: number[] = [];
    for (const [position, hash] of hashes.entries()) {
      if (!isStored[chunk++] && !seen.has(hash)) positions.push(position);
      seen.add(hash);
    }
    if (positions.length === hashes.length) {
      news.push({ bytes, hashes, chunkLengths: unpacked.lengths });
    } else if (positions.length > 0) {
      const { raw, lengths } = unpacked.only(positions);
      news.push({
        bytes: encodeFrame(raw, lengths),
        hashes: positions.map((at) => hashes[at]!),
        chunkLengths: lengths,
      });
    }
  }
  return news;
}

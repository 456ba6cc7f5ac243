import { below, noise, prose, seededRandom } from "./fixtures.ts";

/** The chunk that the child of the crash test makes of a seed. */
export function crashChunk(seed: number): Uint8Array<ArrayBuffer> {
  const length = 1 + below(40_000, seededRandom(seed));
  return seed % 3 === 0 ? noise(length, seed) : prose(length, seed);
}

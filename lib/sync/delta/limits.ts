import { chunkBytesMax } from "../../storage/mod.ts";

/** How many bytes of old chunks one delta may be made against: both sides hold all of them at once. */
export const deltaBaseBytesMax: number = 8 * 1024 * 1024;
/** How many old chunks one delta may be made against. */
export const deltaBasesMax = 2048;
/** How many bytes of new chunks one delta may make. */
export const deltaTargetBytesMax: number = 8 * 1024 * 1024;
/** How many new chunks one delta may make. */
export const deltaTargetsMax = 2048;
/** A shorter chunk is not worth asking for a delta, which the server makes at once. */
export const fetchedDeltaBytesMin: number = 4 * 1024;
/** A shorter chunk is not worth asking for the pieces of earlier ones: together small files compress to little more. */
export const sentDeltaBytesMin: number = 16 * 1024;
/** What tells how to put chunks together may have so many bytes, beside what it brings along. */
export const deltaStepBytesMax: number = 4 * 1024 * 1024;
/** Less than this share of a chunk found in old ones is not worth a delta: whole chunks are cheaper to deal with. */
export const deltaShareMin = 1 / 8;

if (deltaBaseBytesMax < chunkBytesMax || deltaTargetBytesMax < chunkBytesMax) {
  throw new RangeError("A delta must be able to make one chunk of another");
}

/** Says whether so many bytes of a chunk that were found in old ones make a delta of it pay. */
export function deltaPays(foundBytes: number, chunkBytes: number): boolean {
  return foundBytes >= chunkBytes * deltaShareMin;
}

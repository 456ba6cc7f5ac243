import type { Hash } from "../../core/mod.ts";
import type { ChunkStore } from "../../storage/mod.ts";
import { cutPieces, deltaBaseBytesMax, encodeSignatures } from "../delta/mod.ts";
import { readForDelta } from "./read_for_delta.ts";

/**
 * The names of the pieces of some chunks, for a client that has new chunks much like them and no longer has their bytes.
 * Those that are not stored have none.
 */
export async function signChunks(chunks: ChunkStore, hashes: readonly Hash[]): Promise<Uint8Array<ArrayBuffer>> {
  const read = await readForDelta(chunks, hashes, deltaBaseBytesMax);
  return encodeSignatures(read.map((chunk) => chunk === undefined ? [] : cutPieces(chunk).names));
}

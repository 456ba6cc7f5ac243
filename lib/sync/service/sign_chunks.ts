import type { Hash } from "../../core/mod.ts";
import type { ChunkStore } from "../../storage/mod.ts";
import {
  coarse,
  cutPieces,
  deltaBaseBytesMax,
  encodeSignatures,
  fine,
  type PieceOrder,
  PieceSpace,
} from "../delta/mod.ts";
import { isWhole, readForDelta } from "./read_for_delta.ts";

/**
 * The names of the coarse pieces of some chunks, for a client that has new chunks much like them and no longer has their bytes.
 * Those that are not stored have none.
 */
export async function signChunks(chunks: ChunkStore, hashes: readonly Hash[]): Promise<Uint8Array<ArrayBuffer>> {
  const read = await readForDelta(chunks, hashes, deltaBaseBytesMax);
  return encodeSignatures(read.map((chunk) => chunk === undefined ? [] : cutPieces(chunk, coarse).names));
}

/** The names of the fine pieces of some coarse ones; none if one of their chunks is gone meanwhile. */
export async function signPieces(chunks: ChunkStore, { bases, pieces }: PieceOrder): Promise<Uint8Array<ArrayBuffer>> {
  const read = await readForDelta(chunks, bases, deltaBaseBytesMax);
  if (!isWhole(read)) return encodeSignatures(pieces.map(() => []));
  const space = new PieceSpace(read);
  return encodeSignatures(pieces.map((number) => {
    const piece = space.piece(number);
    return piece === undefined ? [] : cutPieces(piece, fine).names;
  }));
}

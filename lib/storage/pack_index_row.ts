import type { SQLOutputValue } from "node:sqlite";
import { type Hash, hashBytes } from "../core/mod.ts";
import type { ChunkPlace, FramePlace, PackRecord } from "./pack_index.ts";

/** Where a chunk lies, by its row. */
export function chunkPlace(row: Record<string, SQLOutputValue>): ChunkPlace {
  return { frame: Number(row.frame), position: Number(row.position), condemned: row.condemned !== null };
}

/** The 32 bytes of each hash, one behind the other. */
export function packHashes(hashes: readonly Hash[]): Uint8Array {
  const packed = new Uint8Array(hashes.length * hashBytes);
  hashes.forEach((hash, index) => packed.subarray(index * hashBytes, (index + 1) * hashBytes).setFromHex(hash));
  return packed;
}

/** Where a frame lies, by its row. */
export function framePlace(row: Record<string, SQLOutputValue>): FramePlace {
  return {
    id: Number(row.id),
    pack: Number(row.pack),
    start: Number(row.start),
    length: Number(row.length),
    chunks: Number(row.chunks),
  };
}

/** What is known of a pack, by its row. */
export function packRecord(row: Record<string, SQLOutputValue>): PackRecord {
  return {
    id: Number(row.id),
    indexedLength: Number(row.indexed_length),
    durableLength: Number(row.durable_length),
    sealed: row.sealed !== 0,
  };
}

/** The bytes of a column; none if it holds something else. */
export function blob(value: SQLOutputValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

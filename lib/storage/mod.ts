/**
 * Holds chunks by the SHA-256 of their bytes: how chunks are packed into frames, the port {@linkcode ChunkStore}, and
 * its implementations. Chunks that nothing names are collected: condemned first, removed when some time has passed. Knows
 * nothing of files, spaces or HTTP.
 *
 * @module
 */
export type {
  ChunkDamage,
  ChunkStore,
  ChunkStoreStats,
  CollectOptions,
  CollectReceipt,
  KeptFrame,
  LiveChunks,
  PutOptions,
  PutReceipt,
} from "./chunk_store.ts";
export {
  checkFrame,
  chunkBytesMax,
  encodeFrame,
  encodeFrameParts,
  frameBytesMax,
  frameBytesMin,
  frameChunksMax,
  frameEnd,
  type FrameError,
  type FrameHead,
  frameHeadBytesMax,
  frameMagic,
  type FrameParts,
  frameRawBytesMax,
  frameRawBytesTarget,
  isWorthCompressing,
  readFrameHead,
  storeFrameParts,
  unpackFrame,
} from "./frame.ts";
export { FrameBuilder } from "./frame_builder.ts";
export { FrameLoan, FrameMemory, type FrameRoom } from "./frame_memory.ts";
export { readFrames } from "./frame_reader.ts";
export { FrameSplitter } from "./frame_splitter.ts";
export { MemoryChunkStore } from "./memory_chunk_store.ts";
export { type OpenFile, packBytesMax, type PackFile } from "./pack_file.ts";
export type { PackRepair } from "./pack_recovery.ts";
export { openPackStore, type PackStoreOptions } from "./pack_store.ts";

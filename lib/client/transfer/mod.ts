/**
 * Content on its way, in both directions: which chunks are to be had where, sent and fetched in frames or as deltas, several
 * requests at once, each chunk checked.
 *
 * @module
 */
export type { RunContext } from "../strategy.ts";
export { feedChunks, type FeedOptions, type WantedChunk } from "./chunk_feed.ts";
export { fetchContent, type ManifestLookup, manifestOfFile } from "./fetch_content.ts";
export {
  type ChunkSource,
  type FetchPlanOptions,
  type KeptChunk,
  type KeptFile,
  planFetch,
  type PlannedFile,
} from "./fetch_plan.ts";
export type { ChunkSpan } from "./frame_packer.ts";
export { overwrittenFiles } from "./gone_files.ts";
export { LocalChunks } from "./local_chunks.ts";
export type { ChunkPacker, PackReply } from "./pack_thread.ts";
export { type FolderLook, lookAtFolder, readFolder, type ReadFolderOptions } from "./read_folder.ts";
export { SimilarFiles } from "./similar_files.ts";
export { type UploadCounts, Uploader } from "./uploader.ts";

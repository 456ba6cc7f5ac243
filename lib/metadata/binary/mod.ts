/**
 * The binary form of metadata: a checked, versioned stream of records that both sides read piece by piece. It carries
 * snapshots, changes and commits on the bulk path, and `FileMetadata` wherever it is asked for, exported and imported.
 *
 * @module
 */
export { encodeRecordBatches, encodeRecords, RecordEncoder } from "./encode_records.ts";
export { decodeManifestDelta, encodeManifestDelta } from "./manifest_delta.ts";
export type {
  CommitRecord,
  DeletionRecord,
  EntryRecord,
  FileMetadataRecord,
  HeadRecord,
  ManifestRecord,
  MetadataRecord,
} from "./record.ts";
export { blockEntriesMax } from "./metadata_block.ts";
export { decodeMetadata, encodeMetadata, encodeMetadataBatches } from "./metadata_stream.ts";
export { RecordDecoder, type RecordError } from "./record_decoder.ts";
export { metadataType, recordBytesMax, streamSchema } from "./stream_format.ts";

/**
 * The binary form of metadata: a checked, versioned stream of records that both sides read piece by piece. It carries
 * snapshots, changes and commits on the bulk path.
 *
 * @module
 */
export { encodeRecordBatches, encodeRecords, RecordEncoder } from "./encode_records.ts";
export { decodeManifestDelta, encodeManifestDelta } from "./manifest_delta.ts";
export type {
  CommitRecord,
  DeletionRecord,
  EntryRecord,
  HeadRecord,
  ManifestRecord,
  MetadataRecord,
} from "./record.ts";
export { RecordDecoder, type RecordError } from "./record_decoder.ts";
export { metadataType, recordBytesMax, streamSchema } from "./stream_format.ts";

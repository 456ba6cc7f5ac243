import { baseName, ByteWriter, crc32, parentPath, rootPath, type SafePath } from "../../core/mod.ts";
import { encodeMetadataBlock } from "./encode_metadata_block.ts";
import type { DeletionRecord, EntryRecord, MetadataRecord } from "./record.ts";
import { entryKind, recordType, streamMagic, streamSchema } from "./stream_format.ts";

/** Bytes gathered before a piece of the stream is handed on. */
const pieceBytes: number = 64 * 1024;

/**
 * Writes records in the binary form, piece by piece, holding no more than a piece. Records of one folder should follow
 * one another: the folder's path is written when it changes.
 */
export class RecordEncoder {
  readonly #out = new ByteWriter(pieceBytes + 4096);
  readonly #payload = new ByteWriter();
  #directory: SafePath = rootPath;
  #count = 0;
  #check = 0;

  constructor() {
    this.#out.uint32(streamMagic);
    this.#out.byte(streamSchema);
  }

  /** Writes a record; gives a piece of the stream, in memory of its own, once there is enough for one. */
  add(record: MetadataRecord): Uint8Array<ArrayBuffer> | undefined {
    if (record.type === "entry" || record.type === "deletion") this.#enter(parentPath(record.path));
    writePayload(this.#payload, record);
    this.#put(recordType[record.type]);
    return this.#out.length >= pieceBytes ? this.#take() : undefined;
  }

  /** Ends the stream; gives its last piece. */
  end(): Uint8Array<ArrayBuffer> {
    this.#out.varint(recordType.end);
    this.#out.varint(this.#count);
    this.#out.uint32(crc32(this.#out.view(), this.#check));
    return this.#out.bytes();
  }

  #enter(directory: SafePath): void {
    if (directory === this.#directory) return;
    this.#directory = directory;
    this.#payload.string(directory);
    this.#put(recordType.directory);
  }

  #put(type: number): void {
    this.#out.varint(type);
    this.#out.varint(this.#payload.length);
    this.#out.raw(this.#payload.view());
    this.#payload.reset();
    this.#count++;
  }

  #take(): Uint8Array<ArrayBuffer> {
    const piece = this.#out.bytes();
    this.#check = crc32(piece, this.#check);
    this.#out.reset();
    return piece;
  }
}

/** Writes records in the binary form; gives the stream in pieces of about 64 KiB. */
export function* encodeRecords(records: Iterable<MetadataRecord>): Generator<Uint8Array<ArrayBuffer>> {
  const encoder = new RecordEncoder();
  for (const record of records) {
    const piece = encoder.add(record);
    if (piece !== undefined) yield piece;
  }
  yield encoder.end();
}

/** Writes records that come in batches; gives the stream in pieces of about 64 KiB. */
export async function* encodeRecordBatches(
  batches: AsyncIterable<readonly MetadataRecord[]>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new RecordEncoder();
  for await (const batch of batches) {
    for (const record of batch) {
      const piece = encoder.add(record);
      if (piece !== undefined) yield piece;
    }
  }
  yield encoder.end();
}

function writePayload(payload: ByteWriter, record: MetadataRecord): void {
  switch (record.type) {
    case "entry":
      return writeEntry(payload, record);
    case "deletion":
      return writeDeletion(payload, record);
    case "manifest":
      payload.hex(record.content);
      payload.hex(record.against);
      return payload.raw(record.delta);
    case "head":
      payload.varint(record.revision);
      return payload.hex(record.root);
    case "commit":
      payload.string(record.id);
      payload.string(record.client);
      return payload.varint(record.baseRevision);
    case "metadata":
      return encodeMetadataBlock(payload, record.entries);
  }
}

function writeEntry(payload: ByteWriter, record: EntryRecord): void {
  const { entry } = record;
  payload.byte(entryKind[entry.kind]);
  payload.string(baseName(record.path));
  payload.varint(entry.kind === "symlink" ? 0 : entry.mode);
  if (entry.kind === "file") {
    payload.varint(entry.size);
    payload.signedVarint(entry.mtimeMs);
    payload.hex(entry.content);
  } else if (entry.kind === "symlink") {
    payload.string(entry.target);
  }
  payload.varint(record.version);
  payload.varint(record.revision);
  if (entry.kind === "file" && entry.mtimeRestNs) payload.varint(entry.mtimeRestNs);
  else if (record.tree !== undefined) payload.hex(record.tree);
}

function writeDeletion(payload: ByteWriter, record: DeletionRecord): void {
  payload.string(baseName(record.path));
  payload.varint(record.version);
  payload.varint(record.revision);
}

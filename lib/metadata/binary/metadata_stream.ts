import { err, ok, type Result } from "../../core/mod.ts";
import type { FileMetadata } from "../file_metadata.ts";
import { RecordEncoder } from "./encode_records.ts";
import { blockEntriesMax, blockTextMax } from "./metadata_block.ts";
import { RecordDecoder, type RecordError } from "./record_decoder.ts";

/**
 * Writes entries in the binary form, piece by piece, holding one block of them at a time.
 *
 * @param entries Their texts well-formed Unicode, their paths safe; neighbours in one folder are written shorter.
 * @returns Pieces of about 64 KiB, each in memory of its own.
 *
 * @example
 * ```ts
 * import { decodeMetadata, encodeMetadata } from "./metadata_stream.ts";
 * import type { FileMetadata } from "../file_metadata.ts";
 * import { parseSafePath } from "../../core/mod.ts";
 * import { assertEquals } from "@std/assert";
 * const path = parseSafePath("docs/a.txt");
 * if (!path.ok) throw new Error(path.error);
 * const entry: FileMetadata = {
 *   path: path.value, kind: "file", size: 5, mtimeMs: 0, mode: 0o644, version: 1,
 *   syncState: { status: "pending", replicas: [] },
 * };
 * assertEquals(decodeMetadata(encodeMetadata([entry])), { ok: true, value: [entry] });
 * ```
 */
export function* encodeMetadata(entries: Iterable<FileMetadata>): Generator<Uint8Array<ArrayBuffer>> {
  const encoder = new RecordEncoder();
  for (const block of blocksOf(entries)) {
    const piece = encoder.add({ type: "metadata", entries: block });
    if (piece !== undefined) yield piece;
  }
  yield encoder.end();
}

/** Writes entries that come in batches, such as the pages of a list; see {@linkcode encodeMetadata}. */
export async function* encodeMetadataBatches(
  batches: AsyncIterable<readonly FileMetadata[]>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new RecordEncoder();
  for await (const batch of batches) {
    for (const block of blocksOf(batch)) {
      const piece = encoder.add({ type: "metadata", entries: block });
      if (piece !== undefined) yield piece;
    }
  }
  yield encoder.end();
}

/** Reads the entries of a whole stream; records of other types are passed over. */
export function decodeMetadata(pieces: Iterable<Uint8Array>): Result<FileMetadata[], RecordError> {
  const decoder = new RecordDecoder();
  const entries: FileMetadata[] = [];
  for (const piece of pieces) {
    const records = decoder.push(piece);
    if (!records.ok) return records;
    for (const record of records.value) {
      if (record.type !== "metadata") continue;
      for (const entry of record.entries) entries.push(entry);
    }
  }
  const end = decoder.end();
  return end.ok ? ok(entries) : err(end.error);
}

/** Cuts entries into blocks, each within the limits of its number and of its texts. */
function* blocksOf(entries: Iterable<FileMetadata>): Generator<FileMetadata[]> {
  let block: FileMetadata[] = [];
  let units = 0;
  for (const entry of entries) {
    block.push(entry);
    units += unitsOf(entry);
    if (block.length < blockEntriesMax && units < blockTextMax) continue;
    yield block;
    block = [];
    units = 0;
  }
  if (block.length > 0) yield block;
}

/** How much text an entry brings, at most. */
function unitsOf({ path, owner, target, syncState }: FileMetadata): number {
  let units = path.length + (owner?.length ?? 0) + (target?.length ?? 0);
  for (const { node } of syncState.replicas) units += node.length + 8;
  return units;
}

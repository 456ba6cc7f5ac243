import { crc32 } from "node:zlib";
import { ByteWriter } from "../../../lib/core/mod.ts";
import { type MetadataRecord, RecordDecoder, type RecordError } from "../../../lib/metadata/binary/mod.ts";
import { concat } from "../../storage/fixtures.ts";

/** What reading a stream gave: its records, or what is wrong with it. */
export type Decoded = { readonly records: readonly MetadataRecord[] } | { readonly error: RecordError };

/** Reads a stream that comes in pieces. */
export function decode(pieces: Iterable<Uint8Array>): Decoded {
  const decoder = new RecordDecoder();
  const records: MetadataRecord[] = [];
  for (const piece of pieces) {
    const pushed = decoder.push(piece);
    if (!pushed.ok) return { error: pushed.error };
    records.push(...pushed.value);
  }
  const end = decoder.end();
  return end.ok ? { records } : { error: end.error };
}

/** Cuts bytes into pieces of some lengths, over and over. */
export function* cutBytes(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const length = Math.max(1, lengths[turn % lengths.length] ?? 1);
    yield bytes.subarray(start, start + length);
    start += length;
  }
}

/** A record by the bytes of its payload. */
export interface RawRecord {
  readonly type: number;
  /** Writes the payload. */
  readonly payload: (writer: ByteWriter) => void;
  /** The length that it says, where that is not the true one. */
  readonly says?: number;
}

/** Writes a stream byte for byte, whole and with the right checksum, whatever its records hold. */
export function rawStream(
  records: readonly RawRecord[],
  head: readonly number[] = [0x44, 0x46, 0x53, 0x4d, 1],
): Uint8Array {
  const writer = new ByteWriter();
  writer.raw(new Uint8Array(head));
  for (const { type, payload, says } of records) {
    const inner = new ByteWriter();
    payload(inner);
    writer.varint(type);
    writer.varint(says ?? inner.length);
    writer.raw(inner.view());
  }
  writer.varint(0);
  writer.varint(records.length);
  const check = new ByteWriter();
  check.uint32(crc32(writer.view()));
  return concat([writer.view(), check.view()]);
}

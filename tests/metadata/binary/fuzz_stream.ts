import { crc32 } from "node:zlib";
import { ByteWriter, type Hash, type SafePath } from "../../../lib/core/mod.ts";
import { encodeMetadataBlock } from "../../../lib/metadata/binary/encode_metadata_block.ts";
import { recordType, streamMagic, streamSchema } from "../../../lib/metadata/binary/stream_format.ts";
import { entryKinds, type FileMetadata, syncStatuses } from "../../../lib/metadata/mod.ts";
import type { Random } from "../ddl/random.ts";

const names = ["a", "b.txt", "Ünï", "\u{1f600}", "..", ".", "a b", "con", "x".repeat(255), "-"];
const texts = ["laptop", "server", "é", "\u{1f600}", "laptop2"];
const numbers = [0, 1, 127, 128, 300, 65_535, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER];
/** What breaks readers: lengths and counts at the limits, as varints. */
const nasty: readonly (readonly number[])[] = [
  [0xff, 0xff, 0xff, 0xff, 0x07],
  [0x80, 0x80, 0x80, 0x80, 0x08],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0x80, 0x00],
  [0x00],
  [0x7f],
  [0xed, 0xa0, 0x80],
];

/**
 * Makes the bytes of a metadata stream, most of them damaged in one or two places within a block; length, count and
 * checksum are right mostly, so that the damage is read and not only noticed.
 */
export function fuzzStream(random: Random): Uint8Array<ArrayBuffer> {
  const payload = new ByteWriter(512);
  encodeMetadataBlock(payload, Array.from({ length: 1 + random.below(4) }, () => entryOf(random)));
  const damages = random.below(3);
  let bytes = payload.bytes();
  for (let n = 0; n < damages; n++) bytes = damage(bytes, random);
  const stream = new ByteWriter(1024);
  stream.uint32(streamMagic);
  stream.byte(streamSchema);
  stream.varint(random.once(50) ? random.below(12) : recordType.metadata);
  stream.varint(random.once(50) ? random.pick(numbers) : bytes.length);
  stream.raw(bytes);
  stream.varint(recordType.end);
  stream.varint(random.once(50) ? random.below(3) : 1);
  stream.uint32(crc32(stream.view()));
  const whole = stream.bytes();
  return random.once(20) ? damage(whole, random) : whole;
}

function entryOf(random: Random): FileMetadata {
  const folders = Array.from({ length: random.below(3) }, () => random.pick(names));
  const replicas = texts.slice(0, random.below(3)).map((node) => ({ node, version: random.pick(numbers) }));
  const kind = random.pick(entryKinds);
  return {
    path: [...folders, random.pick(names)].join("/") as SafePath,
    kind,
    size: random.pick(numbers),
    mtimeMs: random.pick(numbers) * (random.once(2) ? 1 : -1),
    mode: random.below(0o10000),
    version: random.pick(numbers),
    syncState: { status: random.pick(syncStatuses), replicas },
    ...(random.once(4) ? { mtimeRestNs: 1 + random.below(999_999) } : {}),
    ...(random.once(2) ? { owner: random.pick(texts) } : {}),
    ...(kind === "symlink" ? { target: random.pick(names) } : {}),
    ...(kind === "file" && !random.once(4) ? { hash: "0123456789abcdef".repeat(4) as Hash } : {}),
  };
}

function damage(bytes: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  const at = random.below(bytes.length);
  const removed = random.once(2) ? 1 : random.below(9);
  const put = random.once(3) ? [] : random.once(2) ? [random.below(256)] : random.pick(nasty);
  const damaged = new Uint8Array(at + put.length + Math.max(0, bytes.length - at - removed));
  damaged.set(bytes.subarray(0, at));
  damaged.set(put, at);
  damaged.set(bytes.subarray(at + removed), at + put.length);
  return damaged;
}

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { crc32 } from "node:zlib";
import {
  encodeRecordBatches,
  encodeRecords,
  type MetadataRecord,
  RecordDecoder,
} from "../../../lib/metadata/binary/mod.ts";
import { at, contentOf, directory, file, symlink } from "../store/fixtures.ts";
import { concat, noise } from "../../storage/fixtures.ts";
import { anyRecord } from "./record_arbitrary.ts";
import { cutBytes, decode } from "./stream.ts";

const sample: readonly MetadataRecord[] = [
  { type: "head", revision: 7, root: contentOf("root") },
  { type: "entry", path: at("a"), entry: directory(), version: 1, revision: 2, tree: contentOf("tree") },
  { type: "manifest", content: contentOf("1"), against: contentOf("0"), delta: new Uint8Array([1, 2, 3]) },
  { type: "entry", path: at("a/f"), entry: file("text", { mtimeMs: -5 }), version: 3, revision: 7 },
  { type: "deletion", path: at("a/gone"), version: 2, revision: 6 },
  { type: "entry", path: at("link"), entry: symlink("a/\u{1f600}"), version: 1, revision: 1 },
];
const whole = concat([...encodeRecords(sample)]);

Deno.test("RecordDecoder reads what encodeRecords() wrote, in pieces of any size", () => {
  fc.assert(fc.property(
    fc.array(anyRecord),
    fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
    (records, lengths) => {
      const bytes = concat([...encodeRecords(records)]);
      assertEquals(decode([bytes]), { records });
      assertEquals(decode(cutBytes(bytes, lengths)), { records });
    },
  ));
  assertEquals(decode(cutBytes(whole, [1])), { records: sample });
});

Deno.test("encodeRecords() gives long streams piece by piece, and the same bytes as in batches", async () => {
  const records = Array.from({ length: 20_000 }, (_, n): MetadataRecord => {
    return { type: "entry", path: at(`d${n >> 5}/f${n}`), entry: file(`${n}`), version: 1, revision: n };
  });
  const pieces = [...encodeRecords(records)];
  assert(pieces.length > 10);
  for (const piece of pieces) assert(piece.length < 100_000, `${piece.length}`);
  assertEquals(decode(pieces), { records });
  const batches = async function* () {
    for (let start = 0; start < records.length; start += 999) {
      yield await Promise.resolve(records.slice(start, start + 999));
    }
  };
  assertEquals(concat(await Array.fromAsync(encodeRecordBatches(batches()))), concat(pieces));
});

Deno.test("RecordDecoder finds the end of a stream of no records", () => {
  assertEquals(decode(encodeRecords([])), { records: [] });
});

Deno.test("RecordDecoder notices a stream that is cut off, at whatever byte", () => {
  for (let length = 0; length < whole.length; length++) {
    const decoded = decode([whole.subarray(0, length)]);
    assert("error" in decoded, `cut at ${length}`);
    assertEquals(decoded.error.code, "truncated");
  }
});

Deno.test("RecordDecoder notices every flipped bit", () => {
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const altered = whole.slice();
    altered[bit >> 3]! ^= 1 << (bit & 7);
    assert("error" in decode([altered]), `bit ${bit}`);
  }
});

Deno.test("RecordDecoder notices bytes that are altered, left out, doubled or exchanged", () => {
  fc.assert(fc.property(fc.nat(whole.length - 1), fc.nat(whole.length - 1), fc.nat(255), (a, b, value) => {
    const altered = whole.slice();
    altered[a] = value;
    const [from, to] = a < b ? [a, b] : [b, a];
    const without = concat([whole.subarray(0, from), whole.subarray(to)]);
    const doubled = concat([whole.subarray(0, to), whole.subarray(from)]);
    for (const bytes of [altered, without, doubled]) {
      if (bytes.toHex() !== whole.toHex()) assert("error" in decode([bytes]));
    }
  }));
});

Deno.test("RecordDecoder never reads anything from noise, and never throws", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert("error" in decode([bytes]));
      assert("error" in decode([concat([whole.subarray(0, 5), bytes])]));
    }),
    { numRuns: 500 },
  );
});

Deno.test("RecordDecoder refuses bytes behind the end, in the same piece and in one of their own", () => {
  for (const pieces of [[concat([whole, new Uint8Array([0])])], [whole, new Uint8Array([0])], [whole, whole]]) {
    const decoded = decode(pieces);
    assert("error" in decoded);
    assertEquals(decoded.error.message, "Bytes follow the end of the metadata stream");
  }
  assertEquals(decode([whole, new Uint8Array()]), { records: sample });
});

Deno.test("RecordDecoder stays with the first error, whatever comes after it", () => {
  const altered = whole.slice();
  altered[0]! ^= 1;
  for (const first of [altered, concat([whole, new Uint8Array([0])])]) {
    const decoder = new RecordDecoder();
    const failed = decoder.push(first);
    assert(!failed.ok);
    assertEquals(decoder.push(whole), failed);
    assertEquals(decoder.end(), failed);
  }
});

Deno.test("RecordDecoder gives records that stay as they are when the piece is used again", () => {
  const decoder = new RecordDecoder();
  const records: MetadataRecord[] = [];
  const piece = new Uint8Array(10);
  for (const part of cutBytes(whole, [10])) {
    piece.set(part);
    const pushed = decoder.push(piece.subarray(0, part.length));
    assert(pushed.ok);
    records.push(...pushed.value);
    piece.fill(0xee);
  }
  assertEquals(decoder.end(), { ok: true, value: { records: sample.length + 2 } });
  assertEquals(records, sample);
});

Deno.test("RecordDecoder reads a long record that comes in small pieces in one go", () => {
  const delta = noise(20_000_000, 1);
  const record: MetadataRecord = { type: "manifest", content: contentOf("1"), against: contentOf("0"), delta };
  const decoded = decode(cutBytes(concat([...encodeRecords([record])]), [1000]));
  assert("records" in decoded && decoded.records[0]?.type === "manifest");
  assertEquals(crc32(decoded.records[0].delta), crc32(delta));
});

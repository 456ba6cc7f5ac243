import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { crc32 } from "node:zlib";
import { ByteWriter, type SafePath } from "../../../lib/core/mod.ts";
import {
  blockEntriesMax,
  decodeMetadata,
  encodeMetadata,
  RecordDecoder,
  RecordEncoder,
} from "../../../lib/metadata/binary/mod.ts";
import { blockBytesMax, replicasMax } from "../../../lib/metadata/binary/metadata_block.ts";
import { recordType, streamMagic, streamSchema } from "../../../lib/metadata/binary/stream_format.ts";
import type { FileMetadata } from "../../../lib/metadata/mod.ts";
import { metadataArbitrary } from "../ddl/metadata_arbitrary.ts";
import { Random } from "../ddl/random.ts";
import { checkStream } from "./check_stream.ts";
import { fuzzStream } from "./fuzz_stream.ts";

/** An entry that differs from others by its path alone. */
function entryAt(path: string): FileMetadata {
  return {
    path: path as SafePath,
    kind: "file",
    size: 1,
    mtimeMs: 1_700_000_000_000,
    mode: 0o644,
    version: 1,
    syncState: { status: "pending", replicas: [] },
  };
}

function joined(pieces: Iterable<Uint8Array>): Uint8Array {
  const all = new ByteWriter();
  for (const piece of pieces) all.raw(piece);
  return all.bytes();
}

/** A stream with one record of type metadata and a right checksum. */
function streamOf(payload: Uint8Array, length: number = payload.length): Uint8Array {
  const stream = new ByteWriter();
  stream.uint32(streamMagic);
  stream.byte(streamSchema);
  stream.varint(recordType.metadata);
  stream.varint(length);
  stream.raw(payload);
  stream.varint(recordType.end);
  stream.varint(1);
  stream.uint32(crc32(stream.view()));
  return stream.bytes();
}

/** A payload: what `write` writes. */
function payloadOf(write: (payload: ByteWriter) => void): Uint8Array {
  const payload = new ByteWriter();
  write(payload);
  return payload.bytes();
}

Deno.test("decodeMetadata() reads what encodeMetadata() wrote, for any metadata", () => {
  fc.assert(
    fc.property(fc.array(metadataArbitrary, { maxLength: 8 }), (entries) => {
      const decoded = decodeMetadata(encodeMetadata(entries));
      assert(decoded.ok);
      assertEquals(decoded.value, entries.map(({ mtimeMs, ...rest }) => ({ ...rest, mtimeMs: mtimeMs + 0 })));
    }),
  );
});

Deno.test("encodeMetadata() takes three bytes at most for the nanoseconds of a time", () => {
  const plain = Array.from({ length: blockEntriesMax }, (_, n) => entryAt(`d/${n}`));
  const precise = plain.map((entry) => ({ ...entry, mtimeRestNs: 999_999 }));
  assertEquals(decodeMetadata(encodeMetadata(precise)), { ok: true, value: precise });
  const [without, withRests] = [plain, precise].map((entries) => joined(encodeMetadata(entries)).length);
  // The record's length itself may take a byte more.
  assert(withRests! - without! <= 3 * blockEntriesMax + 1, `${withRests! - without!} bytes`);
});

Deno.test("decodeMetadata() leaves nanoseconds off where there are none, beside entries that have some", () => {
  const entries = [entryAt("a"), { ...entryAt("b"), mtimeRestNs: 1 }, entryAt("c")];
  assertEquals(decodeMetadata(encodeMetadata(entries)), { ok: true, value: entries });
});

Deno.test("decodeMetadata() does not care where the stream is cut", () => {
  const entries = ["a", "d/b", "d/c", "e/f/g"].map(entryAt);
  const bytes = joined(encodeMetadata(entries));
  const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
  assertEquals(decodeMetadata(single), { ok: true, value: entries });
  for (let cut = 0; cut <= bytes.length; cut++) {
    assertEquals(decodeMetadata([bytes.subarray(0, cut), bytes.subarray(cut)]), { ok: true, value: entries });
  }
});

Deno.test("decodeMetadata() notices every beginning that is cut off, and every byte that is altered", () => {
  const bytes = joined(encodeMetadata(["a", "d/b"].map(entryAt)));
  for (let end = 0; end < bytes.length; end++) assertEquals(decodeMetadata([bytes.subarray(0, end)]).ok, false);
  for (let at = 0; at < bytes.length; at++) {
    for (const bits of [1, 0x80, 0xff]) {
      const altered = bytes.slice();
      altered[at]! ^= bits;
      assertEquals(decodeMetadata([altered]).ok, false, `byte ${at} xor ${bits}`);
    }
  }
});

Deno.test("encodeMetadata() and RecordDecoder hold no more than a block, however many entries there are", () => {
  const count = 100_000;
  let made = 0;
  function* many(): Generator<FileMetadata> {
    for (; made < count; made++) yield entryAt(`folder-${made % 1000}/file-${made}`);
  }
  const decoder = new RecordDecoder();
  let read = 0;
  let ahead = 0;
  for (const piece of encodeMetadata(many())) {
    assert(piece.length < 256 * 1024);
    const records = decoder.push(piece);
    assert(records.ok);
    for (const record of records.value) if (record.type === "metadata") read += record.entries.length;
    ahead = Math.max(ahead, made - read);
  }
  assert(decoder.end().ok);
  assertEquals(read, count);
  assert(ahead <= 4 * blockEntriesMax, `${ahead} entries were held at once`);
});

Deno.test("encodeMetadata() ends a block early when its texts are long", () => {
  const entries = Array.from({ length: 600 }, (_, n) => entryAt(`${n}/${`${"x".repeat(200)}/`.repeat(15)}f`));
  assertEquals(decodeMetadata(encodeMetadata(entries)), { ok: true, value: entries });
});

Deno.test("RecordDecoder passes over metadata among other records, and those among metadata", () => {
  const encoder = new RecordEncoder();
  encoder.add({ type: "deletion", path: "gone" as SafePath, version: 1, revision: 1 });
  encoder.add({ type: "metadata", entries: [entryAt("a")] });
  const bytes = encoder.end();
  assertEquals(decodeMetadata([bytes]), { ok: true, value: [entryAt("a")] });
});

const hostile: readonly (readonly [name: string, payload: Uint8Array, message: string])[] = [
  ["no entries", payloadOf((to) => to.varint(0)), "0 entries in a block"],
  ["2^53 - 1 entries", payloadOf((to) => to.varint(Number.MAX_SAFE_INTEGER)), "entries in a block"],
  ["a number of ten bytes", Uint8Array.of(...new Array(10).fill(0xff)), "too large"],
  ["2^31 texts", payloadOf((to) => [1, 2 ** 31].forEach((n) => to.varint(n))), "items announced"],
  ["a text of 2^31 units", payloadOf((to) => [1, 1, 2 ** 31, 0].forEach((n) => to.varint(n))), "as long as they say"],
  ["2^31 hashes", payloadOf((to) => [1, 0, 0, 0, 2 ** 31].forEach((n) => to.varint(n))), "items announced"],
  ["rows that are missing", payloadOf((to) => [1, 0, 0, 0, 0].forEach((n) => to.varint(n))), "where the block ends"],
];

for (const [name, payload, message] of hostile) {
  Deno.test(`decodeMetadata() refuses a block with ${name}`, () => {
    const decoded = decodeMetadata([streamOf(payload)]);
    assert(!decoded.ok);
    assertEquals(decoded.error.code, "malformed");
    assertStringIncludes(decoded.error.message, message);
  });
}

Deno.test("RecordDecoder refuses a block that is announced longer than any may be before it waits for it", () => {
  const decoded = new RecordDecoder().push(streamOf(new Uint8Array(), blockBytesMax + 1));
  assert(!decoded.ok && decoded.error.code === "malformed");
});

/** A block with one file, all of it given. */
function oneRow(
  options: { folder?: string; name?: string; flags?: number; mode?: number; nodes?: string[]; rests?: number[] },
): Uint8Array {
  const { folder = "", name = "a", flags = 0, mode = 0o644, nodes = [], rests = [] } = options;
  const strings = [folder, ...nodes];
  return streamOf(payloadOf((to) => {
    to.varint(1);
    to.varint(strings.length);
    for (const { length } of strings) to.varint(length);
    to.string(strings.join(""));
    to.string(name);
    to.varint(0);
    to.byte(flags);
    for (const number of [0, name.length, mode, 1, 0, 1, nodes.length]) to.varint(number);
    for (const node of nodes) {
      to.varint(strings.lastIndexOf(node));
      to.varint(1);
    }
    for (const rest of rests) to.varint(rest);
  }));
}

const broken: readonly (readonly [what: string, stream: Uint8Array, message: string])[] = [
  ["an unsafe name", oneRow({ name: ".." }), 'The name ".."'],
  ["a name with a slash", oneRow({ name: "a/b" }), "A slash within a name"],
  ["a name with a backslash", oneRow({ name: "a\\b" }), "A backslash"],
  ["an empty name", oneRow({ name: "" }), "An empty name"],
  ["a name of 256 bytes", oneRow({ name: "x".repeat(256) }), "longer than 255 bytes"],
  ["an unsafe folder", oneRow({ folder: "a/../b" }), "unsafe path"],
  ["an absolute folder", oneRow({ folder: "/etc" }), "unsafe folder"],
  [
    "a path that is too long",
    oneRow({ folder: `${"x".repeat(250)}/`.repeat(16) + "y".repeat(80) }),
    "longer than 4096",
  ],
  ["an unknown kind", oneRow({ flags: 3 }), "unknown kind"],
  ["an unknown state", oneRow({ flags: 7 << 4 }), "unknown state"],
  ["a hash that is not there", oneRow({ flags: 0b100 }), "hashes that end early"],
  ["a folder with a hash", oneRow({ flags: 0b101 }), "a directory with a hash"],
  ["permissions beyond 7777", oneRow({ mode: 0o10000 }), "permissions out of range"],
  ["a node that comes twice", oneRow({ nodes: ["n", "n"] }), "a node that comes twice"],
  ["nanoseconds that make a millisecond", oneRow({ rests: [1_000_000] }), "1000000 nanoseconds"],
  ["a node without a name", oneRow({ nodes: [""] }), "an empty text"],
];

for (const [what, stream, message] of broken) {
  Deno.test(`decodeMetadata() refuses ${what}`, () => {
    const decoded = decodeMetadata([stream]);
    assert(!decoded.ok);
    assertEquals(decoded.error.code, "malformed");
    assertStringIncludes(decoded.error.message, message);
  });
}

Deno.test("decodeMetadata() passes over bytes that a later schema adds to a block", () => {
  for (const [rests, expected] of [[[0, 7, 7], undefined], [[5, 7, 7], 5]] as const) {
    const decoded = decodeMetadata([oneRow({ rests: [...rests] })]);
    assertEquals(decoded.ok && decoded.value.map(({ mtimeRestNs }) => mtimeRestNs), [expected]);
  }
});

Deno.test("decodeMetadata() reads as many replicas as there may be", () => {
  const replicas = Array.from({ length: replicasMax }, (_, n) => ({ node: `n${n}`, version: n }));
  const entry: FileMetadata = { ...entryAt("a"), syncState: { status: "synced", replicas } };
  const decoded = decodeMetadata(encodeMetadata([entry]));
  assertEquals(decoded.ok && decoded.value[0]?.syncState.replicas.length, replicasMax);
});

Deno.test("the binary form keeps its laws on generated streams, damaged ones among them", () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (seed) => {
      const random = new Random(seed);
      const bytes = fuzzStream(random);
      if (checkStream(bytes, random.below(bytes.length + 1))) accepted++;
    }),
    { numRuns: 5_000 },
  );
  assert(accepted > 500, `Only ${accepted} streams were accepted, so little was shown`);
});

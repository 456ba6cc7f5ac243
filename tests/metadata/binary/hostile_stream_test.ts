import { assert, assertEquals } from "@std/assert";
import type { ByteWriter } from "../../../lib/core/mod.ts";
import { recordBytesMax } from "../../../lib/metadata/binary/mod.ts";
import { at, contentOf, directory, file, symlink } from "../store/fixtures.ts";
import { decode, type RawRecord, rawStream } from "./stream.ts";

const [directoryType, entryType, deletionType, manifestType, headType, commitType] = [1, 2, 3, 4, 5, 6];

function entry(
  name: string,
  options: { kind?: number; mode?: number; rest?: (writer: ByteWriter) => void } = {},
): RawRecord {
  const { kind = 2, mode = 0o755, rest = counters } = options;
  return {
    type: entryType!,
    payload: (writer) => {
      writer.byte(kind);
      writer.string(name);
      writer.varint(mode);
      rest(writer);
    },
  };
}

function counters(writer: ByteWriter): void {
  writer.varint(1);
  writer.varint(2);
}

const named = (type: number, name: string): RawRecord => ({ type, payload: (writer) => writer.string(name) });
const deletion = (name: string): RawRecord => ({
  type: deletionType!,
  payload: (writer) => {
    writer.string(name);
    counters(writer);
  },
});

/** What a stream is refused with. */
function refusal(records: readonly RawRecord[], head?: readonly number[]): { code: string; message: string } {
  const decoded = decode([rawStream(records, head)]);
  assert("error" in decoded, JSON.stringify(decoded));
  return decoded.error;
}

const names = ["", ".", "..", "a/b", "/", "..\\x", "a\\b", "a\0", "x".repeat(256), "\u{1f600}".repeat(64)];

for (const name of names) {
  Deno.test(`RecordDecoder refuses an entry and a deletion named ${JSON.stringify(name.slice(0, 20))}`, () => {
    for (const record of [entry(name), deletion(name)]) {
      const { code, message } = refusal([record]);
      assertEquals(code, "malformed");
      assert(message.startsWith("The metadata holds an unsafe name: "), message);
    }
  });
}

for (
  const folder of [
    "..",
    "../a",
    "a/..",
    "a/../..",
    "/a",
    "/",
    "//",
    "a//b",
    "a/",
    "./a",
    "a\\b",
    "a\0b",
    "x".repeat(4097),
  ]
) {
  Deno.test(`RecordDecoder refuses a folder ${JSON.stringify(folder.slice(0, 20))}`, () => {
    const { code, message } = refusal([named(directoryType!, folder), entry("a")]);
    assertEquals(code, "malformed");
    assert(message.startsWith("The metadata names an unsafe folder: "), message);
  });
}

Deno.test("RecordDecoder refuses a path whose folder and name are each short enough, and together are not", () => {
  const folder = Array(16).fill("x".repeat(255)).join("/");
  assert("records" in decode([rawStream([named(directoryType!, folder)])]));
  for (const record of [entry("a"), deletion("a")]) {
    assertEquals(refusal([named(directoryType!, folder), record]).code, "malformed");
  }
});

const broken: Record<string, RawRecord> = {
  "permissions beyond 0o7777": entry("a", { mode: 0o10000 }),
  "an entry that ends early": entry("a", { rest: () => {} }),
  "a file without its content": entry("a", { kind: 1, rest: counters }),
  "a link whose target is longer than the record": entry("a", { kind: 3, rest: (writer) => writer.varint(2 ** 50) }),
  "a number beyond 2^53": entry("a", { rest: (writer) => writer.raw(new Uint8Array(8).fill(0xff)) }),
  "a number written longer than needed": entry("a", { rest: (writer) => writer.raw(new Uint8Array([0x80, 0, 1])) }),
  "a name that is not UTF-8": {
    type: deletionType!,
    payload: (writer) => writer.raw(new Uint8Array([1, 0xff, 1, 1])),
  },
  "a chunk list without its hashes": { type: manifestType!, payload: (writer) => writer.raw(new Uint8Array(63)) },
  "a head without its root": { type: headType!, payload: (writer) => writer.varint(1) },
  "a commit without its base": {
    type: commitType!,
    payload: (writer) => {
      writer.string("id");
      writer.string("client");
    },
  },
  "a file whose nanoseconds make a millisecond": {
    type: entryType!,
    payload: (writer) => {
      writer.byte(1);
      writer.string("a");
      for (const number of [0o644, 1]) writer.varint(number);
      writer.signedVarint(5);
      writer.hex(contentOf("x"));
      for (const number of [1, 2, 1_000_000]) writer.varint(number);
    },
  },
  "a record of no bytes": { type: entryType!, payload: () => {} },
};

for (const [what, record] of Object.entries(broken)) {
  Deno.test(`RecordDecoder refuses ${what}`, () => {
    assertEquals(refusal([record]).code, "malformed");
  });
}

Deno.test("RecordDecoder refuses a record longer than any, as soon as it says so", () => {
  for (const says of [recordBytesMax + 1, 2 ** 31, 2 ** 53 - 1]) {
    assertEquals(refusal([{ type: 99, payload: () => {}, says }]).message, `A record of ${says} bytes`);
  }
  assertEquals(refusal([{ type: 99, payload: () => {}, says: recordBytesMax }]).code, "truncated");
});

Deno.test("RecordDecoder refuses a stream that announces another number of records", () => {
  const whole = rawStream([entry("a")]);
  const { message } = refusal([entry("a"), { type: 0, payload: () => {}, says: 5 }]);
  assert("records" in decode([whole]));
  assertEquals(message, "The checksum of the metadata does not match");
});

Deno.test("RecordDecoder refuses other magic, schema 0, and a newer schema with advice", () => {
  assertEquals(refusal([], [0x44, 0x46, 0x53, 0x4e, 1]).message, "This is no metadata stream of dfs");
  assertEquals(refusal([], [0x44, 0x46, 0x53, 0x4d, 0]).message, "The metadata has schema 0");
  assertEquals(refusal([], [0x44, 0x46, 0x53, 0x4d, 2]), {
    code: "newer_schema",
    message: "The metadata has schema 2, this dfs reads up to 1: update it",
  });
});

Deno.test("RecordDecoder passes over records and kinds it does not know", () => {
  const unknown: RawRecord = { type: 77, payload: (writer) => writer.raw(new Uint8Array(300)) };
  const records = [unknown, entry("a"), entry("new", { kind: 9 }), unknown, entry("b")];
  const decoded = decode([rawStream(records)]);
  assert("records" in decoded);
  assertEquals(decoded.records.map((record) => record.type === "entry" && record.path), [at("a"), at("b")]);
});

Deno.test("RecordDecoder passes over bytes that a later schema adds to a payload", () => {
  const more = (write: (writer: ByteWriter) => void) => (writer: ByteWriter) => {
    write(writer);
    writer.raw(new Uint8Array(7));
  };
  const content = contentOf("x");
  const records: RawRecord[] = [
    { type: headType!, payload: more((w) => (w.varint(1), w.hex(content))) },
    { type: commitType!, payload: more((w) => (w.string("i"), w.string("c"), w.varint(3))) },
    { type: directoryType!, payload: more((w) => w.string("d")) },
    entry("dir", { rest: more(counters) }),
    entry("dir", { rest: more((w) => (counters(w), w.hex(content))) }),
    entry("link", { kind: 3, mode: 0, rest: more((w) => (w.string("to"), counters(w))) }),
    entry("file", {
      kind: 1,
      mode: 0o644,
      rest: more((w) => (w.varint(1), w.signedVarint(1_700_000_000_000), w.hex(content), counters(w))),
    }),
    { type: deletionType!, payload: more((w) => (w.string("gone"), counters(w))) },
  ];
  const at12 = { version: 1, revision: 2 };
  assertEquals(decode([rawStream(records)]), {
    records: [
      { type: "head", revision: 1, root: content },
      { type: "commit", id: "i", client: "c", baseRevision: 3 },
      { type: "entry", path: at("d/dir"), entry: directory(), ...at12 },
      { type: "entry", path: at("d/dir"), entry: directory(), ...at12, tree: content },
      { type: "entry", path: at("d/link"), entry: symlink("to"), ...at12 },
      { type: "entry", path: at("d/file"), entry: file("x"), ...at12 },
      { type: "deletion", path: at("d/gone"), ...at12 },
    ],
  });
});

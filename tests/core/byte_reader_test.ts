import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ByteReader, ByteReaderError, ByteWriter } from "../../lib/core/mod.ts";

/** Everything a writer can write, with how it is written and read. */
const anyValue = fc.oneof(
  fc.record({ what: fc.constant("byte" as const), value: fc.nat(255) }),
  fc.record({ what: fc.constant("varint" as const), value: fc.maxSafeNat() }),
  fc.record({
    what: fc.constant("signedVarint" as const),
    value: fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 1 }),
  }),
  fc.record({ what: fc.constant("uint32" as const), value: fc.nat(2 ** 32 - 1) }),
  fc.record({ what: fc.constant("string" as const), value: fc.string({ unit: "grapheme", maxLength: 200 }) }),
  fc.record({
    what: fc.constant("hex" as const),
    value: fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.toHex()),
  }),
  fc.record({ what: fc.constant("raw" as const), value: fc.uint8Array({ maxLength: 3000 }) }),
);
type AnyValue = typeof anyValue extends fc.Arbitrary<infer T> ? T : never;

function write(writer: ByteWriter, { what, value }: AnyValue): void {
  switch (what) {
    case "string":
    case "hex":
      return writer[what](value);
    case "raw":
      return writer.raw(value);
    default:
      return writer[what](value);
  }
}

function read(reader: ByteReader, { what, value }: AnyValue): unknown {
  switch (what) {
    case "hex":
      return reader.hex(value.length / 2);
    case "raw":
      return reader.raw(value.length);
    default:
      return reader[what]();
  }
}

Deno.test("ByteReader reads what ByteWriter wrote", () => {
  fc.assert(fc.property(fc.array(anyValue), fc.nat(20), (values, capacity) => {
    const writer = new ByteWriter(capacity);
    for (const value of values) write(writer, value);
    assertEquals(writer.length, writer.bytes().length);
    const reader = new ByteReader(writer.bytes());
    for (const value of values) assertEquals(read(reader, value), value.value);
    assertEquals([reader.remaining, reader.offset], [0, writer.length]);
  }));
});

Deno.test("ByteReader says so when the bytes end early, at whatever byte", () => {
  fc.assert(fc.property(anyValue, (value) => {
    const writer = new ByteWriter();
    write(writer, value);
    const bytes = writer.bytes();
    for (let length = 0; length < bytes.length; length++) {
      const reader = new ByteReader(bytes.subarray(0, length));
      assertThrows(() => read(reader, value), ByteReaderError);
      assert(reader.offset <= length);
    }
  }));
});

Deno.test("ByteReader reads within a larger buffer", () => {
  const whole = new Uint8Array([9, 9, 1, 2, 3, 4, 9]);
  const reader = new ByteReader(whole.subarray(2, 6));
  assertEquals(reader.uint32(), 0x04030201);
  assertThrows(() => reader.byte(), ByteReaderError);
});

Deno.test("varint() writes the limits in as few bytes as there are", () => {
  const lengths = [[0, 1], [127, 1], [128, 2], [16_383, 2], [16_384, 3], [2 ** 49 - 1, 7], [2 ** 49, 8], [
    2 ** 53 - 1,
    8,
  ]];
  for (const [value, length] of lengths) {
    const writer = new ByteWriter(0);
    writer.varint(value!);
    assertEquals(writer.length, length);
    assertEquals(new ByteReader(writer.bytes()).varint(), value);
  }
});

const hostile: Record<string, number[]> = {
  "2^53": [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10],
  "2^56 - 1": [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  "more than eight bytes": [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  "0 in two bytes": [0x80, 0x00],
  "1 in three bytes": [0x81, 0x80, 0x00],
};

for (const [what, bytes] of Object.entries(hostile)) {
  Deno.test(`varint() refuses ${what}`, () => {
    assertThrows(() => new ByteReader(new Uint8Array(bytes)).varint(), ByteReaderError, "A number is");
  });
}

Deno.test("varint() of the writer refuses what is no unsigned integer", () => {
  for (const value of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
    assertThrows(() => new ByteWriter().varint(value), RangeError, `${value}`);
  }
});

Deno.test("signedVarint() of the writer refuses what does not fit", () => {
  for (const value of [2 ** 52, -(2 ** 52) - 1, 0.25, NaN]) {
    assertThrows(() => new ByteWriter().signedVarint(value), RangeError);
  }
});

Deno.test("count() refuses more items than the bytes left can hold", () => {
  const of = (count: number, left: number) => {
    const writer = new ByteWriter();
    writer.varint(count);
    writer.raw(new Uint8Array(left));
    return new ByteReader(writer.bytes());
  };
  assertEquals(of(3, 30).count(10), 3);
  assertEquals(of(0, 0).count(10), 0);
  for (const [count, left] of [[4, 39], [1, 0], [2 ** 31, 100], [2 ** 53 - 1, 100]]) {
    assertThrows(() => of(count!, left!).count(10), ByteReaderError, `${count} items announced`);
  }
});

Deno.test("string() refuses a length beyond the end before it reads anything", () => {
  const writer = new ByteWriter();
  writer.varint(2 ** 53 - 1);
  assertThrows(() => new ByteReader(writer.bytes()).string(), ByteReaderError);
});

Deno.test("string() refuses what is not UTF-8, short and long", () => {
  for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [...Array(30).fill(0x61), 0x80]]) {
    const writer = new ByteWriter();
    writer.varint(bytes.length);
    writer.raw(new Uint8Array(bytes));
    assertThrows(() => new ByteReader(writer.bytes()).string(), ByteReaderError, "not UTF-8");
  }
});

Deno.test("string() keeps a byte order mark, NUL and line ends", () => {
  for (const text of ["\ufeffa", "\ufeff" + "a".repeat(50), "a\0b", "\r\n", ""]) {
    const writer = new ByteWriter();
    writer.string(text);
    assertEquals(new ByteReader(writer.bytes()).string(), text);
  }
});

Deno.test("view() shows what was written, bytes() copies it, reset() forgets it", () => {
  const writer = new ByteWriter(2);
  writer.string("hello");
  const [view, copy] = [writer.view(), writer.bytes()];
  writer.reset();
  assertEquals(writer.length, 0);
  writer.string("HELLO");
  assertEquals(new ByteReader(view).string(), "HELLO");
  assertEquals(new ByteReader(copy).string(), "hello");
});

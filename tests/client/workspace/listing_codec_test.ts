import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { readListing, readNode, writeListing, writeNode } from "../../../lib/client/workspace/listing_codec.ts";
import { ByteReader, ByteReaderError, ByteWriter, type Hash, nameProblem } from "../../../lib/core/mod.ts";
import { type Entry, fileTime, nsPerMs } from "../../../lib/metadata/mod.ts";
import type { LocalNode } from "../../../lib/sync/mod.ts";

const mode = fc.integer({ min: 0, max: 0o7777 });
const timeMs = fc.integer({ min: -(2 ** 52 - 1), max: 2 ** 52 - 1 });
const fileTimes = fc.tuple(timeMs, fc.oneof(fc.constant(0), fc.integer({ min: 1, max: nsPerMs - 1 })));
const content = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytes.toHex() as Hash);
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ kind: fc.constant("file" as const), mode, time: fileTimes, size: fc.maxSafeNat(), content })
    .map(({ time, ...file }) => ({ ...file, ...fileTime(...time) })),
  fc.record({ kind: fc.constant("directory" as const), mode }),
  fc.record({ kind: fc.constant("symlink" as const), target: fc.string({ unit: "grapheme" }) }),
);
/** Change times come to the microsecond. */
const changeTime = fc.integer({ min: -1e15, max: 4e15 }).map((us) => us / 1000);
const stamp = fc.record({ ctimeMs: changeTime, inode: fc.maxSafeNat() });
const node: fc.Arbitrary<LocalNode> = fc.oneof(fc.record({ entry }), fc.record({ entry, stamp }));
const name = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => nameProblem(text) === undefined);
const listing = fc.array(fc.tuple(name, node)).map((nodes) => new Map(nodes));

function pack(nodes: ReadonlyMap<string, LocalNode>): Uint8Array {
  const writer = new ByteWriter();
  writeListing(writer, nodes);
  return writer.bytes();
}

Deno.test("readListing() reads what writeListing() wrote, in the same order", () => {
  fc.assert(fc.property(listing, (nodes) => {
    const read = readListing(new ByteReader(pack(nodes)));
    assertEquals([...read], [...nodes]);
  }));
});

Deno.test("readListing() refuses a listing that ends early", () => {
  const whole = pack(
    new Map([["a", { entry: { kind: "directory", mode: 0o755 } }], ["b", { entry: { kind: "symlink", target: "a" } }]]),
  );
  for (let length = 0; length < whole.length; length++) {
    assertThrows(() => readListing(new ByteReader(whole.subarray(0, length))), ByteReaderError);
  }
});

Deno.test("readNode() reads what writeNode() wrote, and that there is none", () => {
  fc.assert(fc.property(fc.option(node, { nil: undefined }), (one) => {
    const writer = new ByteWriter();
    writeNode(writer, one);
    assertEquals(readNode(new ByteReader(writer.bytes())), one);
  }));
});

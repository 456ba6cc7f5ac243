import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { packListing } from "../../../lib/client/workspace/listing_codec.ts";
import { PackedListing } from "../../../lib/client/workspace/packed_listing.ts";
import { ByteReaderError, type Hash } from "../../../lib/core/mod.ts";
import { DirectoryLook, type DiskStat, type LocalNode } from "../../../lib/sync/mod.ts";
import { directory, file } from "../../metadata/store/fixtures.ts";
import { listing } from "./arbitrary_nodes.ts";

function pack(nodes: ReadonlyMap<string, LocalNode>): PackedListing {
  return new PackedListing(packListing(nodes));
}

Deno.test("PackedListing holds what was packed, in the same order", () => {
  fc.assert(fc.property(listing, (nodes) => {
    const packed = pack(nodes);
    assertEquals(packed.size, nodes.size);
    assertEquals([...packed], [...nodes]);
    assertEquals([[...packed.keys()], [...packed.values()]], [[...nodes.keys()], [...nodes.values()]]);
    for (const [name, node] of nodes) assertEquals([packed.has(name), packed.get(name)], [true, node]);
    assertEquals([packed.has("/"), packed.get("/")], [false, undefined]);
    const told = new Map<string, LocalNode>();
    packed.forEach((node, name) => told.set(name, node));
    assertEquals(told, nodes);
  }));
});

Deno.test("PackedListing tells its files without the nodes", () => {
  fc.assert(fc.property(listing, (nodes) => {
    const told: [number, Hash][] = [];
    pack(nodes).eachFile((size, content) => told.push([size, content()]));
    const files = [...nodes.values()].flatMap(({ entry }) => entry.kind === "file" ? [entry] : []);
    assertEquals(told, files.map(({ size, content }) => [size, content]));
  }));
});

Deno.test("PackedListing refuses bytes that end early", () => {
  const whole = packListing(
    new Map([["a", { entry: { kind: "directory", mode: 0o755 } }], ["b", { entry: { kind: "symlink", target: "a" } }]]),
  );
  for (let length = 0; length < whole.length; length++) {
    assertThrows(() => [...new PackedListing(whole.subarray(0, length))], ByteReaderError);
  }
});

const stat: DiskStat = {
  kind: "file",
  size: 3,
  mode: 0o644,
  mtimeMs: 1_700_000_000_123,
  mtimeRestNs: 456_789,
  ctimeMs: 1_700_000_000_500.001,
  inode: 7,
};
const { mode, mtimeMs, mtimeRestNs, size, ctimeMs, inode } = stat;
const entry = { ...file("abc"), mode, mtimeMs, mtimeRestNs, size };
const folder: DiskStat = { ...stat, kind: "directory", mode: 0o755, size: 4096 };
const known = new Map<string, LocalNode>([
  ["früher", { entry, stamp: { ctimeMs, inode } }],
  ["d", { entry: directory(0o755) }],
]);

function look(first: Partial<DiskStat>, second: Partial<DiskStat> = {}): DirectoryLook {
  return DirectoryLook.of([{ name: "früher", stat: { ...stat, ...first } }, {
    name: "d",
    stat: { ...folder, ...second },
  }]);
}

Deno.test("PackedListing.isAs() knows a directory in which nothing changed", () => {
  assertEquals(pack(known).isAs(look({}), true), true);
  // Of a folder only its permissions count here.
  assertEquals(pack(known).isAs(look({}, { mtimeMs: 1, ctimeMs: 2, inode: 3, size: 4 }), true), true);
  assertEquals(pack(new Map()).isAs(DirectoryLook.of([]), true), true);
});

const changes: Record<string, DirectoryLook> = {
  "another length": look({ size: 4 }),
  "other permissions": look({ mode: 0o600 }),
  "another millisecond": look({ mtimeMs: mtimeMs + 1 }),
  "another nanosecond": look({ mtimeRestNs: mtimeRestNs! + 1 }),
  "another change time": look({ ctimeMs: ctimeMs + 0.001 }),
  "another inode": look({ inode: 8 }),
  "another kind": look({ kind: "directory" }),
  "other permissions of a folder": look({}, { mode: 0o700 }),
  "a file in the place of a folder": look({}, { kind: "file" }),
  "another name": DirectoryLook.of([{ name: "später", stat }, { name: "d", stat: folder }]),
  "one name less": DirectoryLook.of([{ name: "früher", stat }]),
  "one name more": DirectoryLook.of([{ name: "früher", stat }, { name: "d", stat: folder }, {
    name: "e",
    stat: folder,
  }]),
  "another order": DirectoryLook.of([{ name: "d", stat: folder }, { name: "früher", stat }]),
};

for (const [what, found] of Object.entries(changes)) {
  Deno.test(`PackedListing.isAs() sees ${what}`, () => {
    assertEquals(pack(known).isAs(found, true), false);
  });
}

Deno.test("PackedListing.isAs() goes by milliseconds where the platform tells no more, and by no permissions where it has none", () => {
  assertEquals(pack(known).isAs(look({ mtimeRestNs: undefined }), true), true);
  assertEquals(pack(known).isAs(look({ mode: 0 }, { mode: 0 }), false), true);
});

Deno.test("PackedListing.isAs() does not know files without a stamp, and links", () => {
  const unproven = new Map<string, LocalNode>([["früher", { entry }], ["d", { entry: directory(0o755) }]]);
  assertEquals(pack(unproven).isAs(look({}), true), false);
  const link = new Map<string, LocalNode>([["l", { entry: { kind: "symlink", target: "t" } }]]);
  assertEquals(
    pack(link).isAs(DirectoryLook.of([{ name: "l", stat: { ...stat, kind: "symlink", mode: 0 } }]), true),
    false,
  );
});

Deno.test("PackedListing.isAs() agrees with the fields of every file", () => {
  const numbers = fc.record({
    size: fc.nat(2),
    mode: fc.constantFrom(0o644, 0o600),
    mtimeMs: fc.nat(2),
    mtimeRestNs: fc.nat(2),
    ctimeMs: fc.nat(2),
    inode: fc.nat(2),
  });
  fc.assert(fc.property(fc.array(fc.tuple(numbers, fc.option(numbers)), { maxLength: 4 }), (pairs) => {
    const nodes = new Map<string, LocalNode>();
    const found = pairs.map(([was, is], index) => {
      const { size, mode, mtimeMs, mtimeRestNs, ctimeMs, inode } = was;
      const time = mtimeRestNs === 0 ? { mtimeMs } : { mtimeMs, mtimeRestNs };
      nodes.set(`${index}`, { entry: { ...file("x"), size, mode, ...time }, stamp: { ctimeMs, inode } });
      return { name: `${index}`, stat: { kind: "file" as const, ...(is ?? was) } };
    });
    const same = pairs.every(([was, is]) => is === null || JSON.stringify(was) === JSON.stringify(is));
    assertEquals(pack(nodes).isAs(DirectoryLook.of(found), true), same);
  }));
});

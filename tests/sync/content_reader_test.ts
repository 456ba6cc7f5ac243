import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import type { Hash } from "../../lib/core/mod.ts";
import { emptyContent, type FileEntry, Manifest } from "../../lib/metadata/mod.ts";
import { ContentReader, type ContentReaderOptions, type ReadContent, windowBytes } from "../../lib/sync/mod.ts";
import { FakeTime } from "../events/fakes.ts";
import { at } from "../metadata/store/fixtures.ts";
import { concat, noise } from "../storage/fixtures.ts";
import { cutContent } from "../support/cut_content.ts";
import { MemoryDisk } from "../support/memory_disk.ts";
import { MemorySink } from "../support/memory_sink.ts";

const pool = noise(10_000_000, 1);
const time = new FakeTime();

/** A disk whose files were written a minute ago. */
function diskOf(files: Readonly<Record<string, Uint8Array | string>>): MemoryDisk {
  const disk = new MemoryDisk({ clock: time });
  for (const [path, bytes] of Object.entries(files)) disk.write(path, bytes);
  time.pass(60_000);
  return disk;
}

function readerOf(disk: MemoryDisk, options: Partial<ContentReaderOptions> = {}) {
  const sink = new MemorySink();
  return { sink, reader: new ContentReader(disk, { clock: time, sink, ...options }) };
}

/** Reads a file that must be readable. */
async function read(disk: MemoryDisk, reader: ContentReader, path: string, known?: FileEntry): Promise<ReadContent> {
  const content = await reader.read({ path: at(path), stat: disk.stat(at(path)), known });
  assert("node" in content, JSON.stringify(content));
  return content;
}

/** Reads one file with the chunk list of an earlier version at hand. */
async function readWithGuess(bytes: Uint8Array, earlier: Uint8Array, readBytesMax: number) {
  const known = cutContent(earlier);
  const disk = diskOf({ "f": bytes });
  disk.readBytesMax = readBytesMax;
  const manifestOf = (content: Hash) => content === known.entry.content ? known.manifest : undefined;
  const { sink, reader } = readerOf(disk, { manifestOf });
  const content = await read(disk, reader, "f", known.entry);
  await reader.flush();
  return { content, sink, known };
}

/** An edit: so many bytes go at a place, so many others come. */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  gone: fc.oneof(fc.nat(10), fc.nat(200_000)),
  put: fc.oneof(fc.constant(0), fc.nat(10), fc.nat(200_000)),
  from: fc.nat(9_000_000),
});

/** A file of some size, and what edits make of it. */
const edited = fc.record({
  size: fc.oneof(
    fc.nat(40_000),
    fc.nat(900_000),
    fc.integer({ min: windowBytes - 300_000, max: windowBytes + 300_000 }),
  ),
  edits: fc.array(edit, { maxLength: 4 }),
}).map(({ size, edits }) => {
  const before = pool.subarray(0, size);
  let after = before;
  for (const { at, gone, put, from } of edits) {
    const place = Math.floor(at * after.length);
    after = concat([after.subarray(0, place), pool.subarray(from, from + put), after.subarray(place + gone)]);
  }
  return { before, after };
});

Deno.test("read() with the chunk list of an earlier version gives what it gives without, and hands on new chunks only", async () => {
  await fc.assert(
    fc.asyncProperty(edited, fc.constantFrom(1000, 65_536, Infinity), async ({ before, after }, readBytesMax) => {
      const { content, sink, known } = await readWithGuess(after, before, readBytesMax);
      const { manifest, entry } = cutContent(after);
      assertEquals(content.manifest.bytes, manifest.bytes);
      assertEquals([content.node.entry.content, content.node.entry.size], [entry.content, entry.size]);
      const old = new Set(known.manifest.hashes());
      assertEquals(sink.hashes, manifest.hashes().filter((hash) => !old.has(hash)));
    }),
    { numRuns: 60, examples: [[{ before: pool.subarray(0, 100_000), after: new Uint8Array() }, Infinity]] },
  );
});

Deno.test("read() of a file that has not changed hands no chunk on", async () => {
  const bytes = pool.subarray(0, windowBytes + 1_000_000);
  const { content, sink } = await readWithGuess(bytes, bytes, Infinity);
  assertEquals(content.manifest.bytes, cutContent(bytes).manifest.bytes);
  assertEquals([sink.hashes, sink.windows], [[], 0]);
});

Deno.test("read() of a file that was only appended to hands on what follows its last whole chunk", async () => {
  const before = pool.subarray(0, 500_000);
  const { content, sink, known } = await readWithGuess(pool.subarray(0, 600_000), before, Infinity);
  assertEquals(content.manifest.bytes, cutContent(pool.subarray(0, 600_000)).manifest.bytes);
  assertEquals(sink.hashes, content.manifest.hashes().slice(known.manifest.length - 1));
});

Deno.test("read() does not believe a chunk list that is of another content", async () => {
  const bytes = pool.subarray(0, 500_000);
  for (const foreign of [cutContent(pool.subarray(7_000_000, 7_300_000)).manifest, Manifest.of([])]) {
    const disk = diskOf({ "f": bytes });
    const { sink, reader } = readerOf(disk, { manifestOf: () => foreign });
    const content = await read(disk, reader, "f", cutContent(bytes).entry);
    await reader.flush();
    assertEquals(content.manifest.bytes, cutContent(bytes).manifest.bytes);
    assertEquals(sink.hashes, content.manifest.hashes());
  }
});

Deno.test("read() of many files hands every chunk on once, over the ends of windows", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(6_000_000), fc.oneof(fc.nat(1000), fc.nat(100_000), fc.nat(3_900_000))), {
        minLength: 1,
        maxLength: 12,
      }),
      async (places) => {
        const contents = places.map(([start, size]) => pool.subarray(start, start + size));
        const disk = diskOf(Object.fromEntries(contents.map((bytes, index) => [`f${index}`, bytes])));
        const { sink, reader } = readerOf(disk);
        const expected: Hash[] = [];
        for (const [index, bytes] of contents.entries()) {
          const content = await read(disk, reader, `f${index}`);
          const { manifest } = cutContent(bytes);
          assertEquals(content.manifest.bytes, manifest.bytes);
          expected.push(...manifest.hashes());
        }
        await reader.flush();
        assertEquals(sink.hashes, expected);
      },
    ),
    { numRuns: 25 },
  );
});

Deno.test("read() of a file as large as the window, and of one after it", async () => {
  for (const size of [windowBytes - 1, windowBytes, windowBytes + 1]) {
    const [large, small] = [pool.subarray(0, size), pool.subarray(5, 50)];
    const disk = diskOf({ large, small, none: "" });
    const { sink, reader } = readerOf(disk);
    assertEquals((await read(disk, reader, "large")).manifest.bytes, cutContent(large).manifest.bytes);
    assertEquals((await read(disk, reader, "none")).manifest.length, 0);
    assertEquals((await read(disk, reader, "small")).manifest.bytes, cutContent(small).manifest.bytes);
    await reader.flush();
    assertEquals(sink.hashes, [...cutContent(large).manifest.hashes(), ...cutContent(small).manifest.hashes()]);
  }
});

Deno.test("read() of an empty file names the empty content and hands nothing on", async () => {
  const disk = diskOf({ "f": "" });
  const { sink, reader } = readerOf(disk);
  const { node, manifest } = await read(disk, reader, "f");
  await reader.flush();
  assertEquals([node.entry.size, node.entry.content, manifest.length], [0, emptyContent, 0]);
  assertEquals(sink.windows, 0);
});

Deno.test("read() without a sink names the chunks all the same", async () => {
  const disk = diskOf({ "f": pool.subarray(0, 9_000_000), "g": pool.subarray(0, 100) });
  const reader = new ContentReader(disk, { clock: time });
  assertEquals((await read(disk, reader, "f")).manifest.bytes, cutContent(pool.subarray(0, 9_000_000)).manifest.bytes);
  assertEquals((await read(disk, reader, "g")).manifest.bytes, cutContent(pool.subarray(0, 100)).manifest.bytes);
  await reader.flush();
});

Deno.test("read() tells how many bytes it read", async () => {
  const disk = diskOf({ "f": pool.subarray(0, 5_000_000), "none": "" });
  disk.readBytesMax = 70_000;
  let bytes = 0;
  const { reader } = readerOf(disk, { onBytes: (count) => bytes += count });
  await read(disk, reader, "f");
  await read(disk, reader, "none");
  assertEquals(bytes, 5_000_000);
});

Deno.test("flush() with nothing read hands nothing on", async () => {
  const { sink, reader } = readerOf(diskOf({}));
  await reader.flush();
  assertEquals(sink.windows, 0);
});

Deno.test("read() ends with whatever the sink fails with", async () => {
  const disk = diskOf({ "f": pool.subarray(0, 5_000_000) });
  const failing = { take: () => Promise.reject(new RangeError("No network")) };
  const { reader } = readerOf(disk, { sink: failing });
  await assertRejects(() => read(disk, reader, "f"), RangeError, "No network");
});

Deno.test("read() of very many tiny files hands a window on before its list of names gets too long", async () => {
  const disk = diskOf(Object.fromEntries(Array.from({ length: 40_000 }, (_, index) => [`${index}`, `${index}`])));
  const { sink, reader } = readerOf(disk);
  for (let index = 0; index < 40_000; index++) await read(disk, reader, `${index}`);
  await reader.flush();
  assertEquals([sink.hashes.length, sink.windows], [40_000, 3]);
});

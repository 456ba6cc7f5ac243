import { assert, assertEquals } from "@std/assert";
import { frameRawBytesTarget } from "../../lib/storage/mod.ts";
import { FrameShelf, shelfBytesMax } from "../../lib/storage/frame_shelf.ts";
import { packPath } from "../../lib/storage/pack_file.ts";
import { PackReader } from "../../lib/storage/pack_reader.ts";
import { concat, frameOf } from "./fixtures.ts";
import { tempDirectory } from "./temp_directory.ts";

/** A reader that counts, over a pack of frames of `frameRawBytesTarget` bytes of zeros. */
async function shelfOf(frames: number) {
  const directory = await tempDirectory();
  const frame = frameOf(Array.from({ length: 16 }, () => new Uint8Array(frameRawBytesTarget / 16)));
  Deno.writeFileSync(packPath(directory.path, 1), concat(Array.from({ length: frames }, () => frame)));
  const reader = new PackReader(directory.path, Deno.open);
  const reads: number[] = [];
  const read = reader.read.bind(reader);
  reader.read = (place) => {
    reads.push(place.id);
    return read(place);
  };
  const place = (id: number) => ({ id, pack: 1, start: id * frame.length, length: frame.length, chunks: 16 });
  const dispose = async (): Promise<void> => {
    reader[Symbol.dispose]();
    await directory[Symbol.asyncDispose]();
  };
  return { shelf: new FrameShelf(reader), place, reads, frame, [Symbol.asyncDispose]: dispose };
}

Deno.test("FrameShelf reads a frame once, however many ask for it at the same time and later", async () => {
  await using opened = await shelfOf(1);
  const seen = await Promise.all(Array.from({ length: 5 }, () => opened.shelf.unpacked(opened.place(0))));
  assertEquals(new Set([...seen, await opened.shelf.unpacked(opened.place(0))]).size, 1);
  assertEquals(opened.reads, [0]);
});

Deno.test("FrameShelf keeps the frames that were used last, up to its limit", async () => {
  const limit = shelfBytesMax / frameRawBytesTarget;
  await using opened = await shelfOf(limit + 1);
  for (let id = 0; id < limit; id++) await opened.shelf.unpacked(opened.place(id));
  await opened.shelf.unpacked(opened.place(0));
  await opened.shelf.unpacked(opened.place(limit));
  opened.reads.length = 0;
  await opened.shelf.unpacked(opened.place(0));
  assertEquals(opened.reads, []);
  await opened.shelf.unpacked(opened.place(1));
  assertEquals(opened.reads, [1]);
});

Deno.test("FrameShelf gives a packed frame only if it holds no other chunks than those that have their place there", async () => {
  await using opened = await shelfOf(1);
  assertEquals(await opened.shelf.packed(opened.place(0)), opened.frame);
  assertEquals(await opened.shelf.packed({ ...opened.place(0), chunks: 15 }), undefined);
  assert((await opened.shelf.unpacked(opened.place(0))).chunk(16) === undefined);
  assertEquals((await opened.shelf.unpacked(opened.place(0))).chunk(15), new Uint8Array(frameRawBytesTarget / 16));
});

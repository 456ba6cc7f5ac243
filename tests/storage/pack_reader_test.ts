import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { Failure } from "../../lib/core/mod.ts";
import { packPath } from "../../lib/storage/pack_file.ts";
import { idlePacksMax, PackReader } from "../../lib/storage/pack_reader.ts";
import { FailingFiles } from "./failing_files.ts";
import { noise } from "./fixtures.ts";
import { tempDirectory } from "./temp_directory.ts";

function place(pack: number, start: number, length: number) {
  return { id: pack, pack, start, length, chunks: 1 };
}

Deno.test("PackReader reads many places of one pack at the same time, each right", async () => {
  await using directory = await tempDirectory();
  const bytes = noise(100_000, 1);
  Deno.writeFileSync(packPath(directory.path, 1), bytes);
  const files = new FailingFiles();
  using reader = new PackReader(directory.path, files.openFile);
  const starts = Array.from({ length: 40 }, (_, index) => index * 2000);
  const read = await Promise.all(starts.map((start) => reader.read(place(1, start, 1500))));
  assertEquals(read, starts.map((start) => bytes.slice(start, start + 1500)));
  const open = files.open;
  assertEquals(await reader.read(place(1, 7, 3)), bytes.slice(7, 10));
  assertEquals(files.open, open);
});

Deno.test("PackReader keeps a bounded number of packs open, and none after it is disposed of", async () => {
  await using directory = await tempDirectory();
  const files = new FailingFiles();
  const reader = new PackReader(directory.path, files.openFile);
  for (let pack = 1; pack <= idlePacksMax + 10; pack++) {
    Deno.writeFileSync(packPath(directory.path, pack), noise(10, pack));
    await reader.read(place(pack, 0, 10));
    assert(files.open <= idlePacksMax);
  }
  const late = reader.read(place(1, 0, 10));
  reader[Symbol.dispose]();
  assertEquals(await late, noise(10, 1));
  assertEquals(files.open, 0);
});

Deno.test("PackReader calls a pack that is gone or too short corrupt, and names it", async () => {
  await using directory = await tempDirectory();
  const files = new FailingFiles();
  using reader = new PackReader(directory.path, files.openFile);
  const gone = await assertRejects(() => reader.read(place(3, 0, 10)), Failure, join(directory.path, "00000003.pack"));
  assertEquals(gone.kind, "corrupt");
  Deno.writeFileSync(packPath(directory.path, 3), noise(100, 1));
  const short = await assertRejects(() => reader.read(place(3, 91, 10)), Failure, "Pack 3 is damaged");
  assertEquals([short.kind, short.message.includes("byte 91"), files.open], ["corrupt", true, 0]);
});

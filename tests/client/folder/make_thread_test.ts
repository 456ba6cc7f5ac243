import { assert, assertEquals, assertRejects } from "@std/assert";
import { LocalDisk } from "../../../lib/client/mod.ts";
import { MakeThread } from "../../../lib/client/folder/make_thread.ts";
import { MakeAtOnce } from "../../../lib/client/folder/mod.ts";
import type { FileMaker } from "../../../lib/client/mod.ts";
import { Failure } from "../../../lib/core/mod.ts";
import { at } from "../../metadata/store/fixtures.ts";
import { SeededRandom } from "../../support/seeded_random.ts";
import { TempFolder } from "../../support/temp_folder.ts";

const makers: Record<string, (disk: LocalDisk) => FileMaker> = {
  MakeThread: (disk) => new MakeThread((path) => disk.locate(path)),
  MakeAtOnce: (disk) => new MakeAtOnce(disk),
};
const marks = { mode: 0o644, mtimeMs: 1_600_000_000_000 };

for (const [name, makerOf] of Object.entries(makers)) {
  Deno.test(`${name} makes each file as it was told, many or few, and takes no harm from memory used again`, async () => {
    for (const count of [0, 1, 3000]) {
      await using temp = await TempFolder.make({ "d/x": "" });
      const disk = new LocalDisk(temp.path);
      const random = new SeededRandom(count);
      const told = new Map<
        string,
        { bytes: Uint8Array<ArrayBuffer>; mode: number; mtimeMs: number; mtimeRestNs: number }
      >();
      const room = new Uint8Array(20_000);
      await using maker = makerOf(disk);
      for (let index = 0; index < count; index++) {
        const bytes = random.bytes(index % 7 === 0 ? 0 : random.below(2000));
        const file = { bytes, mode: 0o600 | random.below(0o100), mtimeMs: 1000 * index, mtimeRestNs: 0 };
        told.set(`d/ö${index}`, file);
        room.set(bytes);
        await maker.make(at(`d/ö${index}`), room.subarray(0, bytes.length), file);
        room.fill(1);
      }
      await maker.finish();
      assertEquals(disk.readDirectory(at("d")).length, count + 1);
      for (const [path, { bytes, mode, mtimeMs }] of told) {
        const stat = disk.stat(at(path));
        assertEquals([Deno.readFileSync(`${temp.path}/${path}`), stat.mtimeMs], [bytes, mtimeMs]);
        if (disk.keepsModes) assertEquals(stat.mode, mode);
      }
    }
  });

  Deno.test(`${name} tells when a file is there, before the others`, async () => {
    await using temp = await TempFolder.make({});
    const disk = new LocalDisk(temp.path);
    await using maker = makerOf(disk);
    for (let index = 0; index < 2500; index++) {
      await maker.make(at(`${index}`), new Uint8Array(100).fill(index), marks);
      const asked = index - (index % 900);
      if (index % 300 !== 299) continue;
      await maker.made(at(`${asked}`));
      assertEquals(Deno.readFileSync(`${temp.path}/${asked}`), new Uint8Array(100).fill(asked));
    }
    await maker.made(at("never taken in"));
    await maker.finish();
  });

  for (const count of [10, 5000]) {
    Deno.test(`${name} names the file of ${count} that cannot be made, and leaves nothing under way`, async () => {
      await using temp = await TempFolder.make({ "5/x": "" });
      const disk = new LocalDisk(temp.path);
      const failure = await assertRejects(async () => {
        await using maker = makerOf(disk);
        for (let index = 0; index < count; index++) await maker.make(at(`${index}`), new Uint8Array(10), marks);
        await maker.finish();
      }, Failure);
      assert(failure.message.startsWith(`Cannot write "${temp.path}/5": `), failure.message);
      const there = disk.readDirectory(at("")).length;
      await new Promise((resolve) => setTimeout(resolve, 50));
      assertEquals(disk.readDirectory(at("")).length, there);
    });
  }
}

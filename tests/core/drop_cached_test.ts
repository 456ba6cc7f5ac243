import { assertEquals } from "@std/assert";
import { dropCached } from "../../lib/core/mod.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test("dropCached() changes nothing in a file, flushed or not, and keeps nothing open", async () => {
  await using temp = await TempFolder.make();
  const path = `${temp.path}/long`;
  const bytes = new Uint8Array(300_000).map((_, index) => index % 251);
  using file = Deno.openSync(path, { write: true, createNew: true });
  const openFiles = (): number => Deno.build.os === "linux" ? [...Deno.readDirSync("/proc/self/fd")].length : 0;
  const before = openFiles();
  for (const flushed of [false, true]) {
    for (let from = 0; from < bytes.length; from += 100_000) {
      file.writeSync(bytes.subarray(from, from + 100_000));
      if (flushed) file.syncDataSync();
      dropCached(path, { from, length: 100_000 });
    }
    dropCached(path, { from: 0, length: 0 });
    assertEquals(Deno.readFileSync(path), bytes);
    file.seekSync(0, Deno.SeekMode.Start);
  }
  assertEquals(openFiles(), before);
});

Deno.test("dropCached() does nothing where there is no file", () => {
  dropCached("/nothing/is/here", { from: 0, length: 0 });
});

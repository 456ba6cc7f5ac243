import { assertEquals } from "@std/assert";
import { dropCached } from "../../lib/core/mod.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test("dropCached() changes nothing in a file, flushed or not, and keeps nothing open", async () => {
  await using temp = await TempFolder.make();
  const path = `${temp.path}/long`;
  const bytes = new Uint8Array(300_000).map((_, index) => index % 251);
  using file = Deno.openSync(path, { write: true, createNew: true });
  // Other tests of this process open others meanwhile.
  const timesOpen = (): number => openPaths().filter((open) => open === path).length;
  const before = timesOpen();
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
  assertEquals(timesOpen(), before);
});

/** What this process has open, on Linux. */
function openPaths(): string[] {
  if (Deno.build.os !== "linux") return [];
  return [...Deno.readDirSync("/proc/self/fd")].flatMap(({ name }) => {
    try {
      return [Deno.readLinkSync(`/proc/self/fd/${name}`)];
    } catch {
      return []; // Closed meanwhile.
    }
  });
}

Deno.test("dropCached() does nothing where there is no file", () => {
  dropCached("/nothing/is/here", { from: 0, length: 0 });
});

import { assertEquals, assertExists } from "@std/assert";
import { LookBoard } from "../../../lib/client/folder/look_board.ts";
import { type LookTask, LookThread } from "../../../lib/client/folder/look_thread.ts";
import { LocalDisk } from "../../../lib/client/mod.ts";
import { timeOf } from "../../../lib/metadata/mod.ts";
import { emptyTreeOf, scanFolder } from "../../../lib/sync/mod.ts";
import { at } from "../../metadata/store/fixtures.ts";
import { TempFolder } from "../../support/temp_folder.ts";

Deno.test("The worker of a LookThread tells what lies in each directory that it can read", async () => {
  await using temp = await TempFolder.make({ "a/file": "12345", "b/c/x": "1", "taken/y": "" });
  const directories = ["a", "gone", "b/c", "taken", "a/file"];
  const board = LookBoard.of(directories.length, 100);
  assertEquals(board.take(3), undefined);
  const worker = new Worker(import.meta.resolve("../../../lib/client/folder/look_worker.ts"), { type: "module" });
  const through = Promise.withResolvers<void>();
  worker.onmessage = () => through.resolve();
  worker.onerror = through.reject;
  const task: LookTask = { prefix: `${temp.path}/`, directories: directories.join("\0"), shared: board.shared };
  worker.postMessage(task);
  await through.promise;
  worker.terminate();
  const disk = new LocalDisk(temp.path);
  for (const [number, directory, name] of [[0, at("a"), "file"], [2, at("b/c"), "x"]] as const) {
    const found = board.take(number);
    assertExists(found);
    const { look, inode } = found;
    assertEquals(look.entries, disk.readDirectory(directory));
    assertEquals(look.statAt(0), disk.stat(at(`${directory}/${name}`)));
    assertEquals(inode, disk.stat(directory).inode);
  }
  for (const number of [1, 3, 4]) assertEquals(board.take(number), undefined);
});

Deno.test("LookThread is not started for few names", () => {
  assertEquals(LookThread.start("/", emptyTreeOf()), undefined);
});

Deno.test("scanFolder() of many names finds each once, whichever thread looked", async () => {
  const files = Array.from({ length: 10_500 }, (_, index) => [`${index % 50}/${index}`, ""] as const);
  await using temp = await TempFolder.make(Object.fromEntries(files));
  const disk = new LocalDisk(temp.path);
  // As if each had been known with another size.
  const known = scanFolder(disk, emptyTreeOf(), {});
  const tree = new Map(known.tree);
  for (const { path, stat } of known.unread) {
    const [directory, name] = path.split("/") as [string, string];
    const listing = new Map(tree.get(at(directory)));
    const { mode } = stat;
    listing.set(name, {
      entry: { kind: "file", mode, ...timeOf(stat), size: 1, content: "".padEnd(64, "0") as never },
    });
    tree.set(at(directory), listing);
  }
  const scan = scanFolder(disk, tree, {});
  assertEquals(scan.problems, []);
  assertEquals(scan.unread.map(({ path }) => path), known.unread.map(({ path }) => path));
  assertEquals(scan.unread.map(({ stat }) => stat), known.unread.map(({ stat }) => stat));
});

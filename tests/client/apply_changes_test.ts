import { assertEquals } from "@std/assert";
import { type Applied, applyChanges } from "../../lib/client/apply_changes.ts";
import type { Entry, FileEntry } from "../../lib/metadata/mod.ts";
import { emptyTreeOf, type LocalNode, type Stamp, withChanges } from "../../lib/sync/mod.ts";
import { at, directory, file } from "../metadata/store/fixtures.ts";
import { MemoryFiles } from "../simulation/memory_files.ts";
import { Process, quietFate } from "../simulation/process.ts";
import { SimulatedFolder } from "../simulation/simulated_folder.ts";
import { WorldClock } from "../simulation/world_clock.ts";

/** A folder `d` with a file `f`, as it is on a disk and as a scan found it. */
function setUp() {
  const world = new WorldClock();
  const clock = world.watch();
  const files = new MemoryFiles(clock);
  const folder = files.directory(0o755);
  const old = files.file(new Uint8Array());
  files.root.names.set("d", folder);
  folder.names.set("f", old);
  const process = new Process(quietFate, { clock: world, trace: () => {} });
  const disk = new SimulatedFolder(files, { process, onViolation: () => {} });
  const known: FileEntry = { ...file("empty"), size: 0, mtimeMs: old.mtimeMs };
  const apply = (entry: Entry, stamp?: Stamp, seen: { readonly seen?: Stamp } = {}): Promise<Applied> => {
    const local = withChanges<LocalNode>(emptyTreeOf(), [
      [at("d"), { entry: directory(folder.mode) }],
      [at("d/f"), { entry: known, stamp, ...seen }],
    ]);
    return applyChanges({ puts: new Map([[at("d/f"), { entry }]]), deletes: new Set() }, {
      disk,
      local,
      stagedPath: (path) => path,
      linkPath: at("link"),
      now: () => clock.now(),
      mayStay: () => false,
    });
  };
  return { world, folder, old, known, apply };
}

Deno.test("applyChanges() puts a folder in the place of a file in a folder that must not be written to", async () => {
  const { folder, apply } = setUp();
  folder.mode = 0o555;
  const { problems } = await apply(directory(0o755));
  assertEquals([problems, folder.names.get("f")?.kind, folder.mode], [[], "directory", 0o555]);
});

Deno.test("applyChanges() gives a file that it only touched no proof of being unchanged that it did not have", async () => {
  const { world, old, known, apply } = setUp();
  world.pass(60_000);
  const { ctimeMs, inode } = old;
  const touched = { ...known, mode: 0o600 };
  const proven = await apply(touched, { ctimeMs, inode });
  assertEquals(proven.changes.get(at("d/f"))?.stamp?.inode, inode);
  const unproven = await apply({ ...touched, mode: 0o644 });
  assertEquals(unproven.changes.get(at("d/f")), { entry: { ...touched, mode: 0o644 } });
});

Deno.test("applyChanges() leaves a file alone that changed within its first second and looks as before", async () => {
  const { world, old, known, apply } = setUp();
  const seen = { ctimeMs: old.ctimeMs, inode: old.inode };
  world.pass(3000);
  old.ctimeMs += 3000;
  const { problems, changes } = await apply({ ...known, mode: 0o600 }, undefined, { seen });
  assertEquals([problems.map(({ path }) => path), changes.size, old.mode], [["d/f"], 0, 0o644]);
});

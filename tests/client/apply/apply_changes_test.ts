import { assertEquals } from "@std/assert";
import { type Applied, applyChanges } from "../../../lib/client/apply/apply_changes.ts";
import { type Entry, type FileEntry, timeOf } from "../../../lib/metadata/mod.ts";
import {
  emptyTreeOf,
  type LocalNode,
  type Stamp,
  type Tree,
  type TreeDiff,
  withChanges,
} from "../../../lib/sync/mod.ts";
import { at, directory, file } from "../../metadata/store/fixtures.ts";
import { MemoryFiles } from "../../simulation/memory_files.ts";
import { Process, quietFate } from "../../simulation/process.ts";
import { SimulatedFolder } from "../../simulation/simulated_folder.ts";
import { WorldClock } from "../../simulation/world_clock.ts";

/** A folder `d` with a file `f`, as it is on a disk and as a scan found it. */
function setUp() {
  const world = new WorldClock();
  const clock = world.watch();
  const files = new MemoryFiles(clock);
  const folder = files.directory(0o755);
  const old = files.file(new Uint8Array());
  files.root.names.set("d", folder);
  folder.names.set("f", old);
  const fate = { ...quietFate };
  const process = new Process(fate, { clock: world, trace: () => {} });
  const disk = new SimulatedFolder(files, { process, onViolation: () => {} });
  const known: FileEntry = { ...file("empty"), size: 0, ...timeOf(old) };
  const apply = (entry: Entry, stamp?: Stamp, seen: { readonly seen?: Stamp } = {}): Promise<Applied> => {
    const local = withChanges<LocalNode>(emptyTreeOf(), [
      [at("d"), { entry: directory(folder.mode) }],
      [at("d/f"), { entry: known, stamp, ...seen }],
    ]);
    return applyAll(new Map([[at("d/f"), { entry }]]), local);
  };
  const applyAll = (puts: TreeDiff["puts"], local?: Tree<LocalNode>): Promise<Applied> => {
    return applyChanges({ puts, deletes: new Set() }, {
      disk,
      local: local ?? withChanges<LocalNode>(emptyTreeOf(), [[at("d"), { entry: directory(folder.mode) }]]),
      stagedPath: (path) => at(path.replace("d/", "staged/")),
      linkPath: at("link"),
      now: () => clock.now(),
      mayStay: () => false,
    });
  };
  return { world, clock, disk, files, folder, fate, old, known, apply, applyAll };
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

Deno.test("applyChanges() leaves alone what somebody puts in a place while others are taken", async () => {
  const { disk, folder, files, fate, applyAll } = setUp();
  const theirs = files.file(new TextEncoder().encode("theirs"));
  fate.onLook = (_step, what) => {
    if (what === "stat d/a") folder.names.set("b", theirs);
  };
  const staged = files.directory(0o700);
  files.root.names.set("staged", staged);
  const entry: FileEntry = { ...file("empty"), size: 0 };
  for (const name of ["a", "b"]) disk.make(at(`staged/${name}`), new Uint8Array(), entry);
  const { problems, changes } = await applyAll(new Map([[at("d/a"), { entry }], [at("d/b"), { entry }]]));
  assertEquals([problems.map(({ path }) => path), [...changes.keys()]], [["d/b"], ["d/a"]]);
  assertEquals(folder.names.get("b"), theirs);
});

Deno.test("applyChanges() leaves a file where it is that is to move and changed meanwhile", async () => {
  const { world, files, folder, old, known, disk, clock } = setUp();
  const stamp = { ctimeMs: old.ctimeMs, inode: old.inode };
  world.pass(3000);
  old.ctimeMs += 3000;
  const local = withChanges<LocalNode>(emptyTreeOf(), [
    [at("d"), { entry: directory(folder.mode) }],
    [at("d/f"), { entry: known, stamp }],
  ]);
  const diff = { puts: new Map([[at("d/g"), { entry: known }]]), deletes: new Set([at("d/f")]) };
  const { problems, changes } = await applyChanges(diff, {
    disk,
    local,
    stagedPath: () => at("staged"),
    moves: new Map([[at("d/g"), at("d/f")]]),
    linkPath: at("link"),
    now: () => clock.now(),
    mayStay: () => false,
  });
  assertEquals([problems.map(({ path }) => path), changes.size, [...folder.names.keys()]], [["d/g"], 0, ["f"]]);
  assertEquals(files.root.names.get("d"), folder);
});

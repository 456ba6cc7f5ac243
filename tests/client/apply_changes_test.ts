import { assertEquals } from "@std/assert";
import { applyChanges } from "../../lib/client/apply_changes.ts";
import { emptyTreeOf, type LocalNode, withChanges } from "../../lib/sync/mod.ts";
import { at, directory, file } from "../metadata/store/fixtures.ts";
import { MemoryFiles } from "../simulation/memory_files.ts";
import { Process, quietFate } from "../simulation/process.ts";
import { SimulatedFolder } from "../simulation/simulated_folder.ts";
import { WorldClock } from "../simulation/world_clock.ts";

Deno.test("applyChanges() puts a folder in the place of a file in a folder that must not be written to", async () => {
  const world = new WorldClock();
  const clock = world.watch();
  const files = new MemoryFiles(clock);
  const above = files.directory(0o755);
  const old = files.file(new Uint8Array());
  files.root.names.set("d", above);
  above.names.set("f", old);
  above.mode = 0o555;
  const process = new Process(quietFate, { clock: world, trace: () => {} });
  const disk = new SimulatedFolder(files, { process, onViolation: () => {} });
  const known = { ...file("empty"), size: 0, mtimeMs: old.mtimeMs };
  const local = withChanges<LocalNode>(emptyTreeOf(), [
    [at("d"), { entry: directory(0o555) }],
    [at("d/f"), { entry: known }],
  ]);
  const diff = { puts: new Map([[at("d/f"), { entry: directory(0o755) }]]), deletes: new Set<never>() };
  const { problems } = await applyChanges(diff, {
    disk,
    local,
    stagedPath: (path) => path,
    linkPath: at("link"),
    now: () => clock.now(),
    mayStay: () => false,
  });
  assertEquals([problems, above.names.get("f")?.kind, above.mode], [[], "directory", 0o555]);
});

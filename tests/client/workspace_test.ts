import { assert, assertEquals, assertThrows } from "@std/assert";
import { Workspace } from "../../lib/client/mod.ts";
import { Failure } from "../../lib/core/mod.ts";
import { TempFolder } from "../support/temp_folder.ts";

const remote = "http://127.0.0.1:1";

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("Workspace.open() makes a folder where it is told to, and takes it away if nothing comes of it", async () => {
  await using temp = await TempFolder.make();
  const folder = `${temp.path}/new`;
  assertEquals(assertThrows(() => Workspace.open(folder, { remote }), Failure).kind, "not_found");
  assertThrows(() => Workspace.open(folder, { makeFolder: true }), Failure);
  assertThrows(() => Workspace.open(folder, { remote, makeFolder: true, dryRun: true }), Failure);
  assertThrows(() => Workspace.open(`${folder}/deeper`, { remote, makeFolder: true }), Failure);
  assert(!exists(folder));
  {
    using _workspace = Workspace.open(folder, { remote, makeFolder: true });
    assert(exists(folder));
  }
  assert(!exists(folder));
  {
    using workspace = Workspace.open(folder, { remote, makeFolder: true });
    workspace.remember();
  }
  assert(exists(`${folder}/.dfs/config.yaml`));
  using again = Workspace.open(folder);
  assertEquals([again.remote, again.space], [remote, "default"]);
});

Deno.test("Workspace.open() takes no folder away that was there", async () => {
  await using temp = await TempFolder.make();
  const folder = temp.folder("empty");
  {
    using _workspace = Workspace.open(folder, { remote, makeFolder: true });
  }
  assert(exists(folder));
});

Deno.test("Workspace.open() keeps a second client out, and leaves no trace with dryRun", async () => {
  await using temp = await TempFolder.make();
  const folder = temp.folder("folder", { "f": "1" });
  {
    using _dry = Workspace.open(folder, { remote, dryRun: true });
  }
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["f"]);
  using _first = Workspace.open(folder, { remote });
  assertEquals(assertThrows(() => Workspace.open(folder, { remote }), Failure).kind, "conflict");
});

Deno.test("Workspace.open() goes on with a state database that was lost, and refuses one that is none", async () => {
  await using temp = await TempFolder.make();
  const folder = temp.folder("folder");
  temp.write({ "folder/.dfs/config.yaml": `remote: ${remote}\nspace: s\n` });
  {
    using workspace = Workspace.open(folder);
    assertEquals([workspace.space, workspace.loadBase()], ["s", undefined]);
  }
  for (const name of ["state.sqlite-wal", "state.sqlite-shm"]) {
    if (exists(`${folder}/.dfs/${name}`)) Deno.removeSync(`${folder}/.dfs/${name}`);
  }
  temp.write({ "folder/.dfs/state.sqlite": "this is no database, and long enough to be looked at".repeat(100) });
  assertEquals(assertThrows(() => Workspace.open(folder), Failure).kind, "corrupt");
});

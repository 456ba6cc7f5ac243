import { assert, assertEquals, assertThrows } from "@std/assert";
import { LocalWorkspace } from "../../../lib/client/mod.ts";
import { Failure } from "../../../lib/core/mod.ts";
import { TempFolder } from "../../support/temp_folder.ts";

const remote = "http://127.0.0.1:1";

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("LocalWorkspace.open() makes a folder where it is told to, and takes it away if nothing comes of it", async () => {
  await using temp = await TempFolder.make();
  const folder = `${temp.path}/new`;
  assertEquals(assertThrows(() => LocalWorkspace.open(folder, { remote }), Failure).kind, "not_found");
  assertThrows(() => LocalWorkspace.open(folder, { makeFolder: true }), Failure);
  assertThrows(() => LocalWorkspace.open(folder, { remote, makeFolder: true, dryRun: true }), Failure);
  assertThrows(() => LocalWorkspace.open(`${folder}/deeper`, { remote, makeFolder: true }), Failure);
  assert(!exists(folder));
  {
    using _workspace = LocalWorkspace.open(folder, { remote, makeFolder: true });
    assert(exists(folder));
  }
  assert(!exists(folder));
  {
    using workspace = LocalWorkspace.open(folder, { remote, makeFolder: true });
    workspace.remember();
  }
  assert(exists(`${folder}/.dfs/config.yaml`));
  using again = LocalWorkspace.open(folder);
  assertEquals([again.remote, again.space], [remote, "default"]);
});

Deno.test("LocalWorkspace.open() takes no folder away that was there", async () => {
  await using temp = await TempFolder.make();
  const folder = temp.folder("empty");
  {
    using _workspace = LocalWorkspace.open(folder, { remote, makeFolder: true });
  }
  assert(exists(folder));
});

Deno.test("LocalWorkspace.open() keeps a second client out, and leaves no trace with dryRun", async () => {
  await using temp = await TempFolder.make();
  const folder = temp.folder("folder", { "f": "1" });
  {
    using _dry = LocalWorkspace.open(folder, { remote, dryRun: true });
  }
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["f"]);
  using _first = LocalWorkspace.open(folder, { remote });
  assertEquals(assertThrows(() => LocalWorkspace.open(folder, { remote }), Failure).kind, "conflict");
});

Deno.test("LocalWorkspace.open() goes on with a state database that was lost, and refuses one that is none", async () => {
  await using temp = await TempFolder.make();
  const folder = temp.folder("folder");
  temp.write({ "folder/.dfs/config.yaml": `remote: ${remote}\nspace: s\n` });
  {
    using workspace = LocalWorkspace.open(folder);
    assertEquals([workspace.space, workspace.loadBase()], ["s", undefined]);
  }
  for (const name of ["state.sqlite-wal", "state.sqlite-shm"]) {
    if (exists(`${folder}/.dfs/${name}`)) Deno.removeSync(`${folder}/.dfs/${name}`);
  }
  temp.write({ "folder/.dfs/state.sqlite": "this is no database, and long enough to be looked at".repeat(100) });
  assertEquals(assertThrows(() => LocalWorkspace.open(folder), Failure).kind, "corrupt");
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { folderFacts } from "../support/folder_facts.ts";
import { fromSource, Program, sourceRoot } from "../support/program.ts";
import { Replica } from "../support/replica.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { startServer } from "../support/test_server.ts";

Deno.test("push() and pull() keep permissions: executable, read-only, of folders, and changes of them alone", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "run": "#!/bin/sh", "ro": "1", "dir/f": "2", "closed/g": "3" });
  await using b = await Replica.make(server.url);
  Deno.chmodSync(a.at("run"), 0o755);
  Deno.chmodSync(a.at("ro"), 0o444);
  Deno.chmodSync(a.at("dir"), 0o2750);
  Deno.chmodSync(a.at("closed"), 0o555);
  await a.push();
  assertEquals((await b.pull()).problems, []);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
  Deno.chmodSync(a.at("run"), 0o644);
  Deno.chmodSync(a.at("dir"), 0o700);
  const pushed = await a.push();
  assertEquals(pushed.changes.map(({ change, path }) => `${change} ${path}`), ["touched dir", "touched run"]);
  assertEquals([pushed.sentBytes, (await b.pull()).fetchedBytes], [0, 0]);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
});

/** The program as a user who may not do everything; `undefined` where the tests may not become one. */
async function asNobody(folder: string): Promise<Program | undefined> {
  if (Deno.uid() !== 0) return fromSource;
  // The user needs a cache of its own; the source is readable to all.
  const setpriv = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const cache = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
  await new Deno.Command("cp", { args: ["-a", cache, `${folder}/cache`] }).output();
  await new Deno.Command("chown", { args: ["-R", "65534:65534", folder] }).output();
  const command = [Deno.execPath(), "run", "--allow-all", "--no-check", "--cached-only", `${sourceRoot}main.ts`];
  const program = new Program([...setpriv, ...command], { DENO_DIR: `${folder}/cache`, HOME: folder });
  try {
    return (await program.run(["version"])).code === 0 ? program : undefined;
  } catch {
    return undefined;
  }
}

Deno.test("dfs push and pull by a user who may not read or write everything report it, do the rest, and delete nothing", async (t) => {
  await using server = await startServer();
  await using temp = await TempFolder.make();
  const dfs = await asNobody(temp.path);
  if (dfs === undefined) return void await t.step({ name: "cannot become another user", ignore: true, fn: () => {} });
  const files = { "f": "1", "secret": "2", "closed/g": "3", "closed/deep/h": "4", "ro/i": "5", "ro/j": "6" };
  const here = temp.folder("here", files);
  const there = temp.folder("there");
  await new Deno.Command("chown", { args: ["-R", "65534:65534", temp.path] }).output();
  assertEquals((await dfs.run(["push", here, "--remote", server.url])).code, 0);
  assertEquals((await dfs.run(["pull", there, "--remote", server.url])).code, 0);

  await t.step("an unreadable file and folder", async () => {
    // A file that did not change need not be read, and would be no trouble.
    temp.write({ "here/f": "new", "here/secret": "edited" });
    Deno.chmodSync(`${here}/secret`, 0);
    Deno.chmodSync(`${here}/closed`, 0);
    const push = await dfs.run(["push", here]);
    assertEquals(push.code, 1, push.stderr);
    for (const path of ["secret", "closed"]) assertStringIncludes(push.stderr + push.stdout, path);
    assertEquals((await dfs.run(["pull", there])).code, 0);
    assertEquals(Deno.readTextFileSync(`${there}/f`), "new");
    assertEquals(Deno.readTextFileSync(`${there}/closed/deep/h`), "4");
    assertEquals(Deno.readTextFileSync(`${there}/secret`), "2");
    Deno.chmodSync(`${here}/secret`, 0o644);
    Deno.chmodSync(`${here}/closed`, 0o755);
    assertEquals((await dfs.run(["push", here])).code, 0);
    assertEquals((await dfs.run(["pull", there])).code, 0);
    assertEquals(folderFacts(there), folderFacts(here));
  });

  await t.step("an unreadable folder in which the server's content changed", async () => {
    Deno.chmodSync(`${here}/closed`, 0);
    Deno.removeSync(`${there}/closed/g`);
    temp.write({ "there/closed/new": "7" });
    await new Deno.Command("chown", { args: ["-R", "65534:65534", there] }).output();
    assertEquals((await dfs.run(["push", there])).code, 0);
    const pull = await dfs.run(["pull", here]);
    assertEquals(pull.code, 1, pull.stderr);
    Deno.chmodSync(`${here}/closed`, 0o755);
    const again = await dfs.run(["pull", here]);
    assertEquals(again.code, 0, again.stderr);
    assert((await dfs.run(["push", there])).code === 0);
    assertEquals(folderFacts(here), folderFacts(there));
  });

  await t.step("read-only folders and files", async () => {
    Deno.chmodSync(`${here}/ro/i`, 0o444);
    Deno.chmodSync(`${here}/ro`, 0o555);
    assertEquals((await dfs.run(["push", here])).code, 0);
    assertEquals((await dfs.run(["pull", there])).code, 0);
    assertEquals(folderFacts(there), folderFacts(here));
    Deno.chmodSync(`${here}/ro`, 0o755);
    Deno.removeSync(`${here}/ro/i`);
    temp.write({ "here/ro/j": "changed", "here/ro/k": "new" });
    Deno.chmodSync(`${here}/ro`, 0o555);
    await new Deno.Command("chown", { args: ["-R", "65534:65534", here] }).output();
    assertEquals((await dfs.run(["push", here])).code, 0);
    const pull = await dfs.run(["pull", there]);
    assertEquals(pull.code, 0, pull.stderr);
    assertEquals(folderFacts(there), folderFacts(here));
    Deno.removeSync(`${here}/ro`, { recursive: true });
    assertEquals((await dfs.run(["push", here])).code, 0);
    assertEquals((await dfs.run(["pull", there])).code, 0);
    assertEquals(folderFacts(there), folderFacts(here));
  });
});

import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromSource as dfs, type ServerProcess } from "../support/program.ts";
import { readTree, TempFolder } from "../support/temp_folder.ts";

/** Two folders that hold the same and were synchronized, with their server. */
interface Pair extends AsyncDisposable {
  readonly temp: TempFolder;
  readonly here: string;
  readonly there: string;
  readonly server: ServerProcess;
}

async function synchronizedPair(files: Readonly<Record<string, string>>): Promise<Pair> {
  await using stack = new AsyncDisposableStack();
  const temp = stack.use(await TempFolder.make());
  const server = stack.use(await dfs.serve(temp.folder("data")));
  const here = temp.folder("here", files);
  const there = temp.folder("there");
  assertEquals((await dfs.run(["push", here, "--remote", server.url])).code, 0);
  assertEquals((await dfs.run(["pull", there, "--remote", server.url])).code, 0);
  const owned = stack.move();
  return { temp, here, there, server, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

Deno.test("dfs push refuses to undo what the server holds and the folder never pulled", async () => {
  await using pair = await synchronizedPair({ "a.txt": "1", "b.txt": "2" });
  const { temp, here, there } = pair;
  temp.write({ "here/a.txt": "from here", "there/b.txt": "from there" });
  await dfs.run(["push", here]);

  const refused = await dfs.run(["push", there]);
  assertEquals([refused.code, refused.stdout], [3, ""]);
  assertEquals(
    refused.stderr,
    "dfs: The server changed 1 paths that this folder never pulled\n  a.txt\n" +
      "Pull first, carry changes both ways with dfs sync, or overwrite the server's with --force.\n",
  );
  assertEquals(readTree(there), { "a.txt": "1", "b.txt": "from there" });
  assertEquals((await dfs.run(["log", "b.txt", "--json"], { cwd: here })).stdout.match(/"version"/g)?.length, 1);

  assertEquals((await dfs.run(["push", there, "--force"])).code, 0);
  assertEquals((await dfs.run(["pull", here])).code, 0);
  assertEquals(readTree(here), readTree(there));
});

Deno.test("dfs pull refuses to undo local changes that were never pushed", async () => {
  await using pair = await synchronizedPair({ "a.txt": "1", "b.txt": "2" });
  const { temp, here, there } = pair;
  temp.write({ "here/a.txt": "from here", "there/b.txt": "from there", "there/made/c.txt": "3" });
  await dfs.run(["push", here]);

  const refused = await dfs.run(["pull", there]);
  assertEquals([refused.code, refused.stdout], [3, ""]);
  for (const path of ["b.txt", "made/c.txt"]) assertStringIncludes(refused.stderr, `  ${path}\n`);
  assertStringIncludes(
    refused.stderr,
    "Push first, carry changes both ways with dfs sync, or overwrite them with --force.\n",
  );
  assertEquals(readTree(there), { "a.txt": "1", "b.txt": "from there", "made/": "", "made/c.txt": "3" });

  assertEquals((await dfs.run(["pull", there, "--force"])).code, 0);
  assertEquals(readTree(there), { "a.txt": "from here", "b.txt": "2" });
});

Deno.test("dfs pull into a folder that holds other files refuses, with the list of them", async () => {
  await using pair = await synchronizedPair({ "a.txt": "1" });
  const other = pair.temp.folder("other", { "a.txt": "mine", "own.txt": "mine too" });
  const refused = await dfs.run(["pull", other, "--remote", pair.server.url]);
  assertEquals(refused.code, 3);
  for (const path of ["a.txt", "own.txt"]) assertStringIncludes(refused.stderr, `  ${path}\n`);
  assertEquals(readTree(other), { "a.txt": "mine", "own.txt": "mine too" });
});

Deno.test("dfs push and pull delete many files only when the user agrees to as many", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `${index}.txt`);
  await using pair = await synchronizedPair(Object.fromEntries(names.map((name) => [name, name])));
  const { here, there } = pair;
  for (const name of names.slice(0, 15)) Deno.removeSync(`${here}/${name}`);

  const push = await dfs.run(["push", here]);
  assertEquals(push.code, 3);
  assertStringIncludes(push.stderr, "This would delete 15 of 20 files from the server\n");
  assertStringIncludes(push.stderr, "--confirm-deletes 15.\n");
  assertEquals((await dfs.run(["push", here, "--confirm-deletes", "14"])).code, 3);
  assertEquals((await dfs.run(["push", here, "--force"])).code, 3);
  assertEquals((await dfs.run(["push", here, "--confirm-deletes", "15"])).code, 0);

  const pull = await dfs.run(["pull", there]);
  assertEquals(pull.code, 3);
  assertStringIncludes(pull.stderr, `This would delete 15 of 20 files from "${Deno.realPathSync(there)}"\n`);
  assertEquals(Object.keys(readTree(there)).length, 20);
  assertEquals((await dfs.run(["pull", there, "--confirm-deletes", "15"])).code, 0);
  assertEquals(readTree(there), readTree(here));
});

Deno.test("dfs push of a folder whose disk vanished deletes nothing", async () => {
  await using pair = await synchronizedPair({ "a.txt": "1", "b.txt": "2", "c.txt": "3" });
  const { here, there } = pair;
  Deno.renameSync(here, `${here}.unmounted`);
  assertEquals((await dfs.run(["push", here])).code, 1);
  Deno.mkdirSync(here);
  assertEquals((await dfs.run(["push", here])).code, 2);
  const fresh = await dfs.run(["push", here, "--remote", pair.server.url]);
  assertEquals(fresh.code, 3);
  assertEquals((await dfs.run(["pull", there])).code, 0);
  assertEquals(Object.keys(readTree(there)).length, 3);
});

Deno.test("dfs serve refuses to be reached from other machines until that is asked for", async () => {
  await using temp = await TempFolder.make();
  const refused = await dfs.run(["serve", "--host", "0.0.0.0", "--port", "0", "--data-dir", `${temp.path}/data`]);
  assertEquals([refused.code, refused.stdout], [3, ""]);
  assertStringIncludes(refused.stderr, "--unsafe-no-auth");
  assertEquals([...Deno.readDirSync(temp.path)], []);
});

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromSource as dfs } from "../support/program.ts";
import { readTree, TempFolder } from "../support/temp_folder.ts";

Deno.test("dfs demo shows everything on a package tree, ends by itself and leaves nothing behind", async () => {
  await using temp = await TempFolder.make();
  const { code, stdout, stderr } = await dfs.run(["demo"], { env: { TMPDIR: temp.path } });
  assertEquals([code, stderr], [0, ""]);
  const steps = ["Server", "Copy", "Push", "Pull", "Compare", "Push", "Pull", "Edit", "Push", "Pull", "Compare"];
  assertEquals(stdout.match(/^\w+/gm), steps);
  assertMatch(stdout, /^Copy +\d{3} files, .*deno-std/m);
  assertEquals(
    stdout.match(/^Compare +\d{3} files, .*: equal in every byte, mode and modification time$/gm)?.length,
    2,
  );
  assertEquals(stdout.match(/: nothing moved; /g)?.length, 2);
  assertEquals([...Deno.readDirSync(temp.path)], []);
});

Deno.test("dfs demo DIR leaves the folder as it was", async () => {
  await using temp = await TempFolder.make();
  const here = temp.folder("here", { "a.txt": "1", "sub/b.txt": "", "shut.sh": "#!/bin/sh\n" });
  Deno.chmodSync(`${here}/shut.sh`, 0o555);
  Deno.symlinkSync("sub", `${here}/link`);
  temp.folder("here/empty");
  const before = readTree(here);
  const { code, stdout, stderr } = await dfs.run(["demo", here]);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^Compare +3 files, 2 folders, 1 link: equal /m);
  assertMatch(stdout, /^Edit .* in the middle of shut\.sh /m);
  assertEquals(readTree(here), before);
});

Deno.test("dfs demo of an empty folder, and of none, ends as it should", async () => {
  await using temp = await TempFolder.make();
  const empty = await dfs.run(["demo", temp.path]);
  assertEquals([empty.code, empty.stderr], [0, ""]);
  const missing = await dfs.run(["demo", `${temp.path}/missing`]);
  assertEquals([missing.code, missing.stdout], [1, ""]);
  assertStringIncludes(missing.stderr, `There is no folder "${temp.path}/missing"`);
});

Deno.test({
  name: "dfs demo --keep says how to go on, serves, and ends cleanly",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using temp = await TempFolder.make();
    const here = temp.folder("here", { "a.txt": "1" });
    const options = { env: { TMPDIR: temp.folder("tmp") } };
    await using running = await dfs.start(["demo", here, "--keep"], { ...options, until: /^Ctrl-C here ends it/m });
    const url = /curl (http:\/\/\S+?)\/api/.exec(running.said)![1]!;
    const mine = temp.folder("mine");
    assertEquals((await dfs.run(["pull", mine, "--remote", url])).code, 0);
    assertEquals(readTree(mine)["a.txt"]?.length, 101);
    assertEquals((await running.end("SIGINT")).code, 0);
    assertEquals([...Deno.readDirSync(`${temp.path}/tmp`)], []);
  },
});

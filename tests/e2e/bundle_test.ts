import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { serverNames } from "../../lib/network/mod.ts";
import { version } from "../../lib/version.ts";
import { bundleProgram } from "../../tools/bundle_program.ts";
import { Program, sourceRoot } from "../support/program.ts";
import { readTree, TempFolder } from "../support/temp_folder.ts";

/** The program in a folder of its own, run with an empty cache and no registry to fill it from. */
async function bundle(temp: TempFolder): Promise<Program> {
  const program = await bundleProgram(sourceRoot, temp.folder("program"));
  const run = ["run", "--allow-all", "--no-config", "--no-remote", "--no-npm", "--unstable-net", program];
  return new Program([Deno.execPath(), ...run], { DENO_DIR: temp.folder("cache") });
}

Deno.test("the program as a bundle reads nothing from the source tree at run time", async () => {
  await using temp = await TempFolder.make();
  const dfs = await bundle(temp);
  const cwd = temp.folder("empty");
  const [named, help] = await Promise.all([dfs.run(["version"], { cwd }), dfs.run(["help"], { cwd })]);
  assertStringIncludes(named.stdout, `dfs ${version} (deno `);
  assertMatch(help.stdout, /^Usage: dfs COMMAND/m);

  const here = temp.folder("here", { "a.txt": "1", "sub/b.txt": "22" });
  for (const server of serverNames) {
    await using running = await dfs.serve(temp.folder(`data-${server}`), ["--server", server], { cwd });
    const there = temp.folder(`there-${server}`);
    const pushed = await dfs.run(["push", here, "--remote", running.url], { cwd });
    assertEquals([pushed.code, pushed.stderr], [0, ""]);
    const pulled = await dfs.run(["pull", there, "--remote", running.url], { cwd });
    assertEquals([pulled.code, pulled.stderr], [0, ""]);
    assertEquals(readTree(there), readTree(here));
    assertEquals(await running.end(), { code: 0, stdout: "", stderr: "SIGTERM: finishing what is in flight\n" });
  }

  const demo = await dfs.run(["demo", here], { cwd });
  assertEquals([demo.code, demo.stderr], [0, ""]);
  assertEquals([...Deno.readDirSync(cwd)], []);
});

import { dirname } from "@std/path";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { version } from "../../lib/version.ts";
import { Program, sourceRoot } from "../support/program.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test({
  name: "deno task install puts a dfs on the PATH that runs in any folder",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using temp = await TempFolder.make();
    const task = new Program([Deno.execPath(), "task", "--quiet", "--cwd", sourceRoot]);
    const installed = await task.run(["install"], { env: { DENO_INSTALL_ROOT: temp.path } });
    assertEquals([installed.code, installed.stdout], [0, "Installed dfs. Try: dfs help\n"], installed.stderr);
    // The installed command looks for deno itself.
    const path = `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`;
    const dfs = new Program([`${temp.path}/bin/dfs`], { PATH: path });
    const named = await dfs.run(["version"], { cwd: temp.folder("elsewhere") });
    assertEquals(named.code, 0, named.stderr);
    assertStringIncludes(named.stdout, `dfs ${version} (deno `);
  },
});

Deno.test("deno task compile says in a sentence when there is no runtime, and how to supply one", async () => {
  const task = new Program([Deno.execPath(), "task", "--quiet", "--cwd", sourceRoot]);
  const failed = await task.run(["compile"], { env: { DENORT_BIN: `${sourceRoot}no-such-runtime` } });
  assertEquals([failed.code, failed.stdout], [1, ""]);
  assertStringIncludes(failed.stderr, "DENORT_BIN=/path/to/denort deno task compile");
  assertEquals(failed.stderr.trimEnd().split("\n").length, 1);
});

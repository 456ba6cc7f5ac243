import { assertEquals, assertRejects } from "@std/assert";
import { openLog } from "../../lib/app/open_log.ts";
import { Failure } from "../../lib/core/mod.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test("openLog() writes from info on to a file unless it is told another level", async () => {
  await using temp = await TempFolder.make();
  for (const [level, lines] of [[undefined, 2], ["error", 1], ["debug", 3]] as const) {
    const file = `${temp.path}/${level}.log`;
    {
      await using log = await openLog({ file, level, format: "json" });
      log.debug("one");
      log.info("two");
      log.error("three", { token: "secret" });
    }
    const written = Deno.readTextFileSync(file).trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(written.length, lines);
    assertEquals([written.at(-1).message, written.at(-1).token], ["three", "[redacted]"]);
  }
});

Deno.test("openLog() explains why a file cannot be written", async () => {
  await using temp = await TempFolder.make();
  await assertRejects(() => openLog({ file: `${temp.path}/missing/dfs.log` }), Failure, "open the log");
});

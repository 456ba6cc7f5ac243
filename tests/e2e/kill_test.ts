import { assert } from "@std/assert";
import { killRounds } from "../support/kill_rounds.ts";

Deno.test("dfs push, pull, sync and serve, ended with SIGKILL at random points, lose nothing and go on where they were", async () => {
  const { kills, chunks } = await killRounds({ rounds: 16, seed: 1 });
  assert(Object.values(kills).reduce((sum, count) => sum + count, 0) >= 6, JSON.stringify(kills));
  assert(chunks > 100);
});

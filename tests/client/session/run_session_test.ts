import { assertEquals, assertRejects } from "@std/assert";
import { type RunSession, trackSession } from "../../../lib/client/session/run_session.ts";
import { systemClock } from "../../../lib/core/mod.ts";
import { endsAt, Interruption, Replica } from "../../support/replica.ts";
import { startServer } from "../../support/test_server.ts";

Deno.test("status() tells of a run that was interrupted, until the next one is through", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "content" });
  await using b = await Replica.make(server.url);
  await a.push();
  assertEquals((await a.status()).session?.state, "Complete");
  await assertRejects(() => b.pull({ progress: endsAt("apply") }), Interruption);
  const { session } = await b.status();
  assertEquals([session?.state, session?.direction], ["Failed", "pull"]);
  await b.sync();
  assertEquals((await b.status()).session?.state, "Complete");
});

Deno.test("trackSession() keeps a run that is killed in the state that it had", async () => {
  const kept: RunSession[] = [];
  const keeper = { saveSession: (session: RunSession) => void kept.push(session) };
  void trackSession({ direction: "push", keeper, options: { clock: systemClock } }, ({ progress }) => {
    progress!.phase("scan");
    progress!.phase("compare");
    assertEquals(kept, []);
    progress!.phase("transfer");
    progress!.expect({ files: 3, bytes: 10 });
    progress!.phase("commit");
    return new Promise(() => {});
  });
  assertEquals(kept.map(({ state }) => state), ["TransferringFiles", "ApplyingChanges"]);
  await Promise.resolve();
});

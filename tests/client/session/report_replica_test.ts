import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Clock, Failure } from "../../../lib/core/mod.ts";
import type { SyncOverview } from "../../../lib/events/mod.ts";
import { Relay } from "../../support/relay.ts";
import { Interruption, Replica } from "../../support/replica.ts";
import { startServer } from "../../support/test_server.ts";

/** How far the server knows each replica to be: its revision and how many it is behind, sorted. */
async function replicasOf(url: string): Promise<(readonly [number | null, number | null])[]> {
  const overview: SyncOverview = await (await fetch(`${url}/api/sync/overview`)).json();
  return overview.replicas.map(({ revision, lag }) => [revision, lag] as const).sort();
}

Deno.test("push() and pull() tell the server which revision the replica reached", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "1" });
  await using b = await Replica.make(server.url);
  await a.push();
  assertEquals(await replicasOf(server.url), [[1, 0]]);
  await b.pull();
  assertEquals(await replicasOf(server.url), [[1, 0], [1, 0]]);
  a.write({ "f": "22" });
  await a.push();
  assertEquals(await replicasOf(server.url), [[1, 1], [2, 0]]);
  await b.pull();
  assertEquals(await replicasOf(server.url), [[2, 0], [2, 0]]);
});

Deno.test("push() and pull() that change nothing, or try only, report nothing", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "1" });
  await using b = await Replica.make(server.url, { "f": "1" });
  const synced = async () =>
    (await (await fetch(`${server.url}/metrics`)).text()).match(/^dfs_syncs_total\S+ (\d+)/m)?.[1];
  await a.push();
  assertEquals(await synced(), "1");
  await a.push();
  await a.pull();
  a.write({ "f": "22" });
  await a.push({ dryRun: true });
  await b.pull({ dryRun: true, force: true });
  assertEquals(await synced(), "1");
});

Deno.test("push() succeeds though its report is lost, and sends it once", async () => {
  await using server = await startServer();
  await using relay = new Relay(server.url);
  await using a = await Replica.make(server.url, { "f": "1" });
  relay.faults = { loseReplyTo: "/replicas" };
  const report = await a.push({ url: relay.url });
  assert(report.synchronized);
  assertEquals([report.revision, relay.harm], [1, 1]);
});

/** Time that passes by itself, so that no run is quick. */
const slowClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() + 1000 * ticks++ };
let ticks = 0;

/** What the server tells of the sessions it knows. */
async function sessionsOf(url: string): Promise<Readonly<Record<string, unknown>>[]> {
  return (await (await fetch(`${url}/api/sync/status`)).json()).sessions;
}

/** Settles once the server knows that a run is about to commit. */
async function untilApplying(url: string): Promise<void> {
  while (!(await sessionsOf(url)).some(({ state }) => state === "ApplyingChanges"));
}

Deno.test("push() that goes on for long is a session of the server while it does, and when it is through", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "1", "g": "22" });
  await a.push({ clock: slowClock, beforeCommit: () => untilApplying(server.url) });
  const [session, ...others] = await sessionsOf(server.url);
  const { session_id, started_at, active_at, client_id, ...rest } = session!;
  assertEquals([rest, others], [{
    ...{ state: "Complete", files_synced: 2, bytes_transferred: 3, last_error: null, revision: 1 },
    ...{ space: "default", kind: "client", direction: "push" },
  }, []]);
  assert(String(started_at) < String(active_at));
  assertEquals([session_id, client_id], [
    (await a.status()).session?.id,
    await a.use(({ clientId }) => clientId),
  ]);
  const one = await fetch(`${server.url}/api/sync/status?session_id=${session_id}`);
  assertEquals(await one.json(), session);
});

Deno.test("a run that found nothing to do leaves the session of the one before as it was", async () => {
  await using server = await startServer();
  await using relay = new Relay(server.url);
  await using a = await Replica.make(server.url, { "f": "1" });
  await a.sync();
  const before = await sessionsOf(server.url);
  assertEquals(before.map(({ state, direction }) => [state, direction]), [["Complete", "sync"]]);
  await a.sync({ url: relay.url });
  assertEquals(await sessionsOf(server.url), before);
  assert(relay.up + relay.down < 1000, `${relay.up} bytes up, ${relay.down} bytes down`);
});

Deno.test("a run that was killed stays in its state until the next one, and one that was refused has failed", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "1" });
  await using b = await Replica.make(server.url, { "f": "2" });
  const beforeCommit = async (): Promise<void> => {
    await untilApplying(server.url);
    throw new Interruption();
  };
  await assertRejects(() => a.push({ clock: slowClock, beforeCommit }), Interruption);
  const states = async () =>
    (await sessionsOf(server.url)).map(({ state, direction, last_error }) => [state, direction, last_error]);
  assertEquals(await states(), [["ApplyingChanges", "push", null]]);
  await a.sync();
  assertEquals(await states(), [["Complete", "sync", null]]);
  const { message } = await assertRejects(() => b.push(), Failure);
  assertEquals(await states(), [["Failed", "push", message], ["Complete", "sync", null]]);
});

Deno.test("a run that leaves a conflict to somebody is complete, though the replica is not told of", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "1" });
  await using b = await Replica.make(server.url, { "f": "2", "g": "3" });
  await a.sync();
  assertEquals((await b.sync({ conflicts: { rules: [], default: "manual" } })).synchronized, false);
  const [session] = await sessionsOf(server.url);
  assertEquals([session!["state"], session!["revision"], session!["files_synced"]], ["Complete", 2, 1]);
  assertEquals((await replicasOf(server.url)).length, 2);
});

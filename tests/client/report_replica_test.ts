import { assert, assertEquals } from "@std/assert";
import type { SyncOverview } from "../../lib/events/mod.ts";
import { Relay } from "../support/relay.ts";
import { Replica } from "../support/replica.ts";
import { startServer } from "../support/test_server.ts";

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

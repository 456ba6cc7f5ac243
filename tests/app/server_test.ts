import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { openConnection } from "../../lib/app/client.ts";
import { openServer, type RunningServer, type ServeOptions } from "../../lib/app/server.ts";
import { push } from "../../lib/client/mod.ts";
import { Failure, systemClock } from "../../lib/core/mod.ts";
import { verifyAudit } from "../../lib/events/mod.ts";
import { serverNames } from "../../lib/network/mod.ts";
import type { ParsedMetric } from "../events/prometheus_parser.ts";
import { eventCount, metricsUntil } from "../support/metrics_until.ts";
import { TempFolder } from "../support/temp_folder.ts";

function serve(temp: TempFolder, options: Partial<ServeOptions> = {}): Promise<RunningServer> {
  return openServer({
    hostname: "127.0.0.1",
    port: 0,
    dataFolder: `${temp.path}/data`,
    server: "async",
    workers: 2,
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}

async function pushOnce(temp: TempFolder, url: string): Promise<void> {
  using connection = openConnection(temp.folder("here", { a: "1", b: "2" }), { remote: url });
  const report = await push(connection.workspace, connection.remote, { clock: systemClock });
  assert(report.synchronized);
}

/** How many commits were asked for, by the counters of requests. */
function commitRequests(metrics: ReadonlyMap<string, ParsedMetric>): number[] {
  const samples = metrics.get("dfs_http_requests_total")?.samples ?? [];
  return samples.flatMap(({ labels, value }) => labels["route"] === "/api/spaces/:space/commits" ? [value] : []);
}

for (const server of serverNames) {
  Deno.test(`the ${server} server writes the audit to its end, and closes what it opened`, async () => {
    await using temp = await TempFolder.make();
    const running = await serve(temp, { server });
    await pushOnce(temp, running.url);
    await running.shutdown("The test ends");
    const journal = Deno.readTextFileSync(`${temp.path}/data/audit.jsonl`).trimEnd().split("\n");
    assert(verifyAudit(journal).ok);
    const types = journal.map((line) => JSON.parse(line).event.type);
    // Between two workers no order is promised: a commit may be heard of after the word that the server stops.
    assertEquals(types.toSorted(), ["commit.applied", "server.started", "server.stopping", "sync.completed"]);
    // SQLite removes its log when the last connection is closed in order.
    const names = [...Deno.readDirSync(`${temp.path}/data`), ...Deno.readDirSync(`${temp.path}/data/chunks`)];
    assertEquals(names.filter(({ name }) => name.endsWith("-wal")), []);
  });

  Deno.test(`the ${server} server counts what all its workers answered`, async () => {
    await using temp = await TempFolder.make();
    await using running = await serve(temp, { server });
    await pushOnce(temp, running.url);
    const metrics = await metricsUntil(running.url, (found) => {
      return eventCount(found, "commit.applied") > 0 && commitRequests(found).length > 0;
    });
    const added = metrics.get("dfs_committed_entries_total")?.samples.find(({ labels }) =>
      labels["change"] === "added"
    );
    assertEquals(added?.value, 2);
    assertEquals(commitRequests(metrics), [1]);
  });
}

for (const server of ["async", "pool"] as const) {
  Deno.test(`readers of the live feed of the ${server} server resume over a restart`, async () => {
    await using temp = await TempFolder.make();
    const feed = async (url: string, lastEventId?: string): Promise<string> => {
      const headers: Record<string, string> = lastEventId === undefined ? {} : { "Last-Event-ID": lastEventId };
      return await (await fetch(`${url}/api/events?follow=false`, { headers })).text();
    };
    let id: string | undefined;
    {
      await using running = await serve(temp, { server });
      while (id === undefined) id = /^id: ?(.+)$/m.exec(await feed(running.url))?.[1];
      await pushOnce(temp, running.url);
      await metricsUntil(running.url, (found) => eventCount(found, "sync.completed") > 0);
    }
    await using again = await serve(temp, { server });
    const told = await feed(again.url, id);
    assertEquals(told.includes("feed.gap"), false, told);
    for (const type of ["commit.applied", "sync.completed", "server.stopping"]) {
      assertEquals(told.split(`event:${type}\n`).length, 2, `${type} in ${told}`);
    }
  });
}

Deno.test("the server knows after a restart what clients told of their copies", async () => {
  await using temp = await TempFolder.make();
  const replicas = async (url: string): Promise<Record<string, unknown>[]> => {
    const overview = await (await fetch(`${url}/api/sync/overview`)).json();
    // Times are those of the events while the server runs, those of the store after a restart: a millisecond apart.
    return overview.replicas.map(({ seenAt, syncedAt, ...rest }: Record<string, unknown>) => {
      return { ...rest, seen: seenAt !== null, synced: syncedAt !== null };
    });
  };
  let before: Record<string, unknown>[];
  {
    await using running = await serve(temp);
    await pushOnce(temp, running.url);
    const failure = { kind: "no_space", message: "The disk is full" };
    const registered = JSON.stringify({ client_name: "desk", platform: "linux" });
    const headers = { "content-type": "application/json" };
    const { client_id: client } =
      await (await fetch(`${running.url}/api/register`, { method: "POST", headers, body: registered })).json();
    const body = JSON.stringify({ client, failure });
    const answer = await fetch(`${running.url}/api/spaces/default/replicas`, { method: "POST", body });
    assertEquals([answer.status, await answer.text()], [204, ""]);
    before = await replicas(running.url);
  }
  await using again = await serve(temp);
  assertEquals(await replicas(again.url), before);
  assertEquals(before.map(({ name, revision, lag, lastError }) => [name, revision, lag, lastError]), [
    [null, 1, 0, null],
    ["desk", null, null, "The disk is full"],
  ]);
});

Deno.test("openServer() explains an audit journal that is none, and lets go of the data folder", async () => {
  await using temp = await TempFolder.make();
  await (await serve(temp)).shutdown("The test ends");
  Deno.writeTextFileSync(`${temp.path}/data/audit.jsonl`, "not a record\n");
  const failure = await assertRejects(() => serve(temp), Failure);
  assertStringIncludes(failure.message, "audit");
  Deno.removeSync(`${temp.path}/data/audit.jsonl`);
  await (await serve(temp)).shutdown("The test ends");
});

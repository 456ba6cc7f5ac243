import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readEventStream, type ReceivedEvent } from "../../lib/network/client/mod.ts";
import { HttpClient } from "../../lib/network/mod.ts";
import { parsePrometheus } from "../events/prometheus_parser.ts";
import { type MonitoredServer, serveMonitoring } from "./monitoring_fixture.ts";

const deleted = (path: string, space = "s") => ({ space, path, revision: 1 });

/** The events a body of server-sent events holds, without those of the feed itself. */
async function eventsIn(body: string): Promise<ReceivedEvent[]> {
  const blocks = await Array.fromAsync(readEventStream(new Blob([body]).stream()));
  return blocks.filter(({ data }) => data !== undefined);
}

async function paths(server: MonitoredServer, query: string, headers?: Record<string, string>): Promise<string[]> {
  const { body } = await server.get(`/api/events?follow=false&${query}`, headers);
  return (await eventsIn(body)).map(({ event, data }) => JSON.parse(data!).detail?.path ?? event);
}

Deno.test("GET /metrics answers in the text format of Prometheus", async () => {
  await using server = await serveMonitoring();
  await server.get("/api/sync/overview");
  await server.get("/nowhere");
  server.events.emit("file.deleted", deleted('odd " \\ \n name'));
  const { status, type, body } = await server.get("/metrics");
  assertEquals([status, type], [200, "text/plain; version=0.0.4; charset=utf-8"]);
  const metrics = parsePrometheus(body);
  assertEquals(
    metrics.get("dfs_http_requests_total")?.samples.map((
      { labels, value },
    ) => [labels["route"], labels["status"], value]),
    [["/api/sync/overview", "200", 1], ["(none)", "404", 1]],
  );
  assertEquals(metrics.get("dfs_http_request_duration_seconds")?.type, "histogram");
});

Deno.test("GET /api/sync/overview tells spaces, sessions and replicas", async () => {
  await using server = await serveMonitoring();
  server.events.emit("sync.completed", { space: "s", client: "c", session: "x", revision: 7, durationMs: 1 });
  server.events.emit("commit.applied", { space: "s", revision: 9, added: 1, modified: 0, deleted: 0, bytes: 0 });
  const overview = JSON.parse((await server.get("/api/sync/overview")).body);
  assertEquals(overview.spaces.map(({ space, revision }: Record<string, unknown>) => [space, revision]), [["s", 9]]);
  assertEquals(overview.replicas.map(({ client, lag }: Record<string, unknown>) => [client, lag]), [["c", 2]]);
  assertEquals(overview.sessions.length, 1);
});

Deno.test("GET /api/events gives what is held, by type and by space", async () => {
  await using server = await serveMonitoring();
  server.events.emit("file.deleted", deleted("a"));
  server.events.emit("file.deleted", deleted("b", "other"));
  server.events.emit("sync.failed", { space: "s", error: "no" });
  assertEquals(await paths(server, "since="), ["a", "b", "sync.failed"]);
  assertEquals(await paths(server, "since=&type=file.*"), ["a", "b"]);
  assertEquals(await paths(server, "since=&type=file.added&type=sync.*"), ["sync.failed"]);
  assertEquals(await paths(server, "since=&space=other"), ["b"]);
  assertEquals(await paths(server, ""), []);
});

Deno.test("GET /api/events resumes behind since, or Last-Event-ID, which goes before it", async () => {
  await using server = await serveMonitoring();
  for (const path of ["a", "b", "c"]) server.events.emit("file.deleted", deleted(path));
  assertEquals(await paths(server, "since=main:1"), ["b", "c"]);
  assertEquals(await paths(server, "since=main:1", { "last-event-id": "main:2" }), ["c"]);
  assertEquals(await paths(server, "since=earlier-run:9"), ["feed.gap", "a", "b", "c"]);
});

Deno.test("GET /api/events refuses what makes no sense, with a word on what does", async () => {
  await using server = await serveMonitoring();
  for (const query of ["type=nothing", "type=http.*", "since=%3F", "follow=perhaps", "space=..%2F"]) {
    const { status, type } = await server.get(`/api/events?${query}`);
    assertEquals([status, type], [400, "application/problem+json"], query);
  }
});

Deno.test("GET /api/events does not follow where that would hold up everybody else", async () => {
  await using server = await serveMonitoring({ follows: false });
  assertEquals((await server.get("/api/events")).status, 501);
  assertEquals((await server.get("/api/events?follow=false")).status, 200);
});

Deno.test("GET /api/events sends away readers beyond the limit, and those who come when it has stopped", async () => {
  await using server = await serveMonitoring({ readersMax: 1 });
  using client = new HttpClient({ origin: server.url });
  const reader = await client.request({ method: "GET", path: "/api/events" });
  assertEquals(reader.status, 200);
  assertEquals((await server.get("/api/events")).status, 503);
  server.feed.stop();
  await Array.fromAsync(reader.body);
  assertStringIncludes((await server.get("/api/events")).body, "stopped");
});

Deno.test("GET /api/events gives events as they happen, each reader all of them", async () => {
  const readers = 50;
  const count = 200;
  await using server = await serveMonitoring();
  using client = new HttpClient({ origin: server.url, maxConnections: readers });
  const responses = await Promise.all(
    Array.from({ length: readers }, () => client.request({ method: "GET", path: "/api/events" })),
  );
  assertEquals(server.feed.readers, readers);
  const bodies = Promise.all(responses.map((response) => Array.fromAsync(readEventStream(response.body))));
  for (let number = 0; number < count; number++) {
    server.events.emit("file.deleted", deleted(`path ${number}`));
    if (number % 10 === 0) await server.get("/api/sync/overview");
  }
  server.feed.stop();
  const wanted = Array.from({ length: count }, (_, number) => `path ${number}`);
  for (const blocks of await bodies) {
    const seen = blocks.flatMap(({ data }) => data === undefined ? [] : JSON.parse(data).detail.path);
    assertEquals(seen, wanted);
  }
});

Deno.test("GET /api/events goes on for others when a handler throws", async () => {
  await using server = await serveMonitoring();
  server.events.on("file.deleted", () => {
    throw new Error("A handler that fails");
  }, { priority: 9, name: "broken" });
  server.events.emit("file.deleted", deleted("a"));
  assertEquals(await paths(server, "since=&type=file.*"), ["a"]);
  assertStringIncludes((await server.get("/api/events?follow=false&since=&type=bus.*")).body, "A handler that fails");
  assert((await server.get("/metrics")).body.includes('dfs_events_total{type="bus.handler_failed"} 1'));
});

import { assertEquals } from "@std/assert";
import { EventBus, EventMetrics, MetricsRegistry } from "../../lib/events/mod.ts";
import { parsePrometheus } from "./prometheus_parser.ts";

Deno.test("EventMetrics counts what the events say", () => {
  const bus = new EventBus();
  const metrics = new EventMetrics(new MetricsRegistry());
  metrics.start(bus);
  const request = { method: "GET", route: "/api/file/:path", durationMs: 20, bytes: 100 };
  bus.emit("http.request_completed", { ...request, status: 200 });
  bus.emit("http.request_completed", { ...request, status: 200 });
  bus.emit("http.request_completed", { ...request, status: 404 });
  bus.emit("commit.applied", { space: "a", revision: 9, added: 3, modified: 2, deleted: 1, uploads: 4, bytes: 50 });
  bus.emit("sync.completed", { space: "a", revision: 9, durationMs: 1500 });
  bus.emit("sync.failed", { space: "a", error: "x" });
  bus.emit("conflict.detected", { space: "a", path: "p", policy: "merge" });
  bus.emit("upload.chunks_received", { chunks: 5, size: 64 });
  bus.emit("download.completed", { space: "a", path: "p", size: 32 });
  bus.emit("storage.pack_sealed", { pack: "p1", chunks: 1, bytes: 64 });
  bus.emit("storage.gc_completed", { chunksRemoved: 1, bytesFreed: 7, durationMs: 1 });
  bus.emit("storage.corruption_found", { object: "p1", error: "x" });
  bus.emit("security.auth_failed", { reason: "x" });
  bus.emit("security.access_denied", { right: "write" });
  bus.emit("security.rate_limited", { limit: "login" });
  bus.emit("security.request_refused", { reason: "foreign_host", detail: "x", untold: 6 });
  metrics.stop();
  bus.emit("sync.failed", { space: "a", error: "after the end" });

  const parsed = parsePrometheus(metrics.expose());
  const values = (name: string) =>
    Object.fromEntries(
      (parsed.get(name)?.samples ?? []).map(({ labels, value }) => [Object.values(labels).join(" "), value]),
    );
  assertEquals(values("dfs_http_requests_total"), { "GET /api/file/:path 200": 2, "GET /api/file/:path 404": 1 });
  assertEquals(values("dfs_http_response_bytes_total"), { "": 300 });
  assertEquals(values("dfs_syncs_total"), { completed: 1, failed: 1 });
  assertEquals(values("dfs_space_revision"), { a: 9 });
  assertEquals(values("dfs_committed_entries_total"), { added: 3, modified: 2, deleted: 1 });
  assertEquals(values("dfs_conflicts_total"), { merge: 1 });
  assertEquals(values("dfs_chunk_bytes_received_total"), { "": 64 });
  assertEquals(values("dfs_uploads_total"), { "": 4 });
  assertEquals(values("dfs_download_bytes_total"), { "": 32 });
  assertEquals(values("dfs_packs_sealed_total"), { "": 1 });
  assertEquals(values("dfs_gc_bytes_freed_total"), { "": 7 });
  assertEquals(values("dfs_corruptions_found_total"), { "": 1 });
  assertEquals(values("dfs_refusals_total"), { auth_failed: 1, access_denied: 1, rate_limited: 1, foreign_host: 7 });
  assertEquals(values("dfs_chunks_received_total"), { "": 5 });
  const counted = values("dfs_events_total");
  assertEquals(counted["http.request_completed"], 3);
  assertEquals([counted["file.added"], counted["file.modified"], counted["file.deleted"]], [3, 2, 1]);
  assertEquals([counted["upload.completed"], counted["upload.chunk_received"]], [4, 5]);
  const durations = parsed.get("dfs_http_request_duration_seconds")?.samples ?? [];
  assertEquals(durations.find(({ labels }) => labels["le"] === "0.01")?.value, 0);
  assertEquals(durations.find(({ labels }) => labels["le"] === "0.025")?.value, 3);
});

Deno.test("EventMetrics counts the files of a commit without having an event made of each", () => {
  const bus = new EventBus();
  const metrics = new EventMetrics(new MetricsRegistry());
  metrics.start(bus);
  for (const type of ["file.added", "file.modified", "file.deleted"] as const) assertEquals(bus.wants(type), false);
  assertEquals([bus.wants("upload.completed"), bus.wants("upload.chunk_received")], [false, false]);
  metrics.stop();
});

import type { Component } from "./component.ts";
import type { EventBus } from "./event_bus.ts";
import type { EventHandler } from "./event_bus_options.ts";
import { allEventTypes, type EventPattern } from "./event_pattern.ts";
import type { EventType } from "./event_types.ts";
import type { MetricsRegistry } from "./metrics_registry.ts";

type Listen = <P extends EventPattern>(pattern: P, handler: EventHandler<P>) => void;

/**
 * Events of which one commit or one frame makes thousands. They are counted by the event that sums them up, so that none
 * of them is made for the sake of being counted.
 */
const summedUp: ReadonlySet<EventType> = new Set<EventType>([
  "file.added",
  "file.modified",
  "file.deleted",
  "upload.chunk_received",
  "upload.completed",
]);

/** Counts events: how many of each type, and what they say of requests, synchronizations, transfers and storage. */
export class EventMetrics implements Component {
  readonly name = "metrics";
  readonly #registry: MetricsRegistry;
  readonly #wirings: readonly ((listen: Listen) => void)[];
  #subscriptions: Disposable[] = [];

  /**
   * Adds the metrics at once, so that they show before the first event.
   *
   * @param registry Where the metrics are added.
   */
  constructor(registry: MetricsRegistry) {
    this.#registry = registry;
    this.#wirings = [eventCounts, httpMetrics, syncMetrics, transferMetrics, storageMetrics, securityMetrics]
      .map((make) => make(registry));
  }

  /** All metrics in the text format of Prometheus. */
  expose(): string {
    return this.#registry.expose();
  }

  start(bus: EventBus): void {
    const listen: Listen = (pattern, handler) => {
      this.#subscriptions.push(bus.on(pattern, handler, { name: this.name }));
    };
    for (const wire of this.#wirings) wire(listen);
  }

  stop(): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    this.#subscriptions = [];
  }
}

function eventCounts(registry: MetricsRegistry): (listen: Listen) => void {
  const events = registry.counter({ name: "dfs_events_total", help: "Events by type.", labels: ["type"] });
  return (listen) => {
    for (const type of allEventTypes) if (!summedUp.has(type)) listen(type, () => events.add({ type }));
    listen("commit.applied", ({ detail }) => {
      events.add({ type: "file.added" }, detail.added);
      events.add({ type: "file.modified" }, detail.modified);
      events.add({ type: "file.deleted" }, detail.deleted);
      events.add({ type: "upload.completed" }, detail.uploads ?? 0);
    });
    listen("upload.chunks_received", ({ detail }) => events.add({ type: "upload.chunk_received" }, detail.chunks));
  };
}

function httpMetrics(registry: MetricsRegistry): (listen: Listen) => void {
  const requests = registry.counter({
    name: "dfs_http_requests_total",
    help: "Requests answered.",
    labels: ["method", "route", "status"],
  });
  const durations = registry.histogram({
    name: "dfs_http_request_duration_seconds",
    help: "Time from the head of a request to the end of its answer.",
    labels: ["route"],
  });
  const bytes = registry.counter({ name: "dfs_http_response_bytes_total", help: "Bytes of answers' bodies." });
  return (listen) =>
    listen("http.request_completed", ({ detail }) => {
      requests.add({ method: detail.method, route: detail.route, status: String(detail.status) });
      durations.observe({ route: detail.route }, detail.durationMs / 1000);
      bytes.add({}, detail.bytes);
    });
}

function syncMetrics(registry: MetricsRegistry): (listen: Listen) => void {
  const syncs = registry.counter({ name: "dfs_syncs_total", help: "Synchronizations ended.", labels: ["outcome"] });
  const durations = registry.histogram({ name: "dfs_sync_duration_seconds", help: "Time a synchronization took." });
  const revisions = registry.gauge({ name: "dfs_space_revision", help: "Revision of a space.", labels: ["space"] });
  const changes = registry.counter({
    name: "dfs_committed_entries_total",
    help: "Entries that commits changed.",
    labels: ["change"],
  });
  const conflicts = registry.counter({ name: "dfs_conflicts_total", help: "Conflicts by policy.", labels: ["policy"] });
  return (listen) => {
    listen("sync.completed", ({ detail }) => {
      syncs.add({ outcome: "completed" });
      durations.observe({}, detail.durationMs / 1000);
    });
    listen("sync.failed", () => syncs.add({ outcome: "failed" }));
    listen("commit.applied", ({ detail }) => {
      revisions.set({ space: detail.space }, detail.revision);
      changes.add({ change: "added" }, detail.added);
      changes.add({ change: "modified" }, detail.modified);
      changes.add({ change: "deleted" }, detail.deleted);
    });
    listen("conflict.detected", ({ detail }) => conflicts.add({ policy: detail.policy }));
  };
}

function transferMetrics(registry: MetricsRegistry): (listen: Listen) => void {
  const chunks = registry.counter({ name: "dfs_chunks_received_total", help: "Chunks received." });
  const received = registry.counter({ name: "dfs_chunk_bytes_received_total", help: "Bytes of chunks received." });
  const uploads = registry.counter({ name: "dfs_uploads_total", help: "Files received whole." });
  const downloads = registry.counter({ name: "dfs_downloads_total", help: "Files sent whole." });
  const sent = registry.counter({ name: "dfs_download_bytes_total", help: "Bytes of files sent." });
  return (listen) => {
    listen("upload.chunks_received", ({ detail }) => {
      chunks.add({}, detail.chunks);
      received.add({}, detail.size);
    });
    listen("commit.applied", ({ detail }) => uploads.add({}, detail.uploads ?? 0));
    listen("download.completed", ({ detail }) => {
      downloads.add({});
      sent.add({}, detail.size);
    });
  };
}

function storageMetrics(registry: MetricsRegistry): (listen: Listen) => void {
  const packs = registry.counter({ name: "dfs_packs_sealed_total", help: "Pack files finished." });
  const freed = registry.counter({ name: "dfs_gc_bytes_freed_total", help: "Bytes given back by garbage collection." });
  const corruptions = registry.counter({ name: "dfs_corruptions_found_total", help: "Stored objects found damaged." });
  return (listen) => {
    listen("storage.pack_sealed", () => packs.add({}));
    listen("storage.gc_completed", ({ detail }) => freed.add({}, detail.bytesFreed));
    listen("storage.corruption_found", () => corruptions.add({}));
  };
}

function securityMetrics(registry: MetricsRegistry): (listen: Listen) => void {
  const refused = registry.counter({ name: "dfs_refusals_total", help: "Requests refused.", labels: ["reason"] });
  return (listen) => {
    listen("security.auth_failed", () => refused.add({ reason: "auth_failed" }));
    listen("security.access_denied", () => refused.add({ reason: "access_denied" }));
    listen("security.rate_limited", () => refused.add({ reason: "rate_limited" }));
    listen(
      "security.request_refused",
      ({ detail }) => refused.add({ reason: detail.reason }, 1 + (detail.untold ?? 0)),
    );
  };
}

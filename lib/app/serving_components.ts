import {
  type Component,
  EventMetrics,
  type FeedArchive,
  LiveFeed,
  MetricsRegistry,
  type RememberedState,
  SyncMonitor,
} from "../events/mod.ts";
import type { Monitoring } from "../server/mod.ts";

/** What listens beside every handler of requests, and answers with what it heard. */
export interface ServingComponents {
  readonly components: readonly Component[];
  readonly monitoring: Monitoring;
  /** Tells the sync monitor what was known before. */
  readonly remember: (known: RememberedState) => void;
}

/**
 * Makes metrics, sync monitor and live feed. Each worker has its own: sharing events they all know the same.
 *
 * @param options Whether the server can give an answer that never ends, and where its feed finds what the last one left.
 */
export function servingComponents(
  options: { readonly follows: boolean; readonly archive?: FeedArchive },
): ServingComponents {
  const registry = new MetricsRegistry();
  const metrics = new EventMetrics(registry);
  const monitor = new SyncMonitor();
  const feed = new LiveFeed({ archive: options.archive });
  addProcessMetrics(registry, feed);
  return {
    components: [metrics, monitor, feed],
    monitoring: {
      metrics: () => metrics.expose(),
      overview: () => monitor.overview(),
      openFeed: (request) => feed.open(request),
      follows: options.follows,
    },
    remember: (known) => monitor.remember(known),
  };
}

/** What no event tells; the names are those that Prometheus gives to every process. */
function addProcessMetrics(registry: MetricsRegistry, feed: LiveFeed): void {
  const memory = registry.gauge({ name: "process_resident_memory_bytes", help: "Memory in use." });
  const started = registry.gauge({ name: "process_start_time_seconds", help: "When the process started, since 1970." });
  const readers = registry.gauge({ name: "dfs_feed_readers", help: "Readers of the live feed." });
  started.set({}, Math.round(performance.timeOrigin) / 1000);
  registry.beforeExpose(() => {
    memory.set({}, Deno.memoryUsage().rss);
    readers.set({}, feed.readers);
  });
}

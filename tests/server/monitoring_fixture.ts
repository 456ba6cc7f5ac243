import { systemClock } from "../../lib/core/mod.ts";
import {
  EventBus,
  EventMetrics,
  LiveFeed,
  type LiveFeedOptions,
  MetricsRegistry,
  SyncMonitor,
} from "../../lib/events/mod.ts";
import { createServer, HttpClient, Router } from "../../lib/network/mod.ts";
import { addMonitoringRoutes } from "../../lib/server/monitoring_routes.ts";
import { observeRequests } from "../../lib/server/observe_requests.ts";

/** A server over real HTTP that has the monitoring routes and nothing else. */
export interface MonitoredServer extends AsyncDisposable {
  readonly url: string;
  readonly events: EventBus;
  readonly feed: LiveFeed;
  /** Asks it on a connection of its own. */
  get(
    path: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; type?: string; body: string }>;
}

/** Starts one. */
export async function serveMonitoring(
  options: LiveFeedOptions & { readonly follows?: boolean } = {},
): Promise<MonitoredServer> {
  const { follows = true, ...feedOptions } = options;
  const events = new EventBus({ origin: "main" });
  const metrics = new EventMetrics(new MetricsRegistry());
  const monitor = new SyncMonitor();
  const feed = new LiveFeed(feedOptions);
  for (const component of [metrics, monitor, feed]) component.start(events);
  const router = new Router();
  observeRequests(router, { events, clock: systemClock });
  addMonitoringRoutes(router, {
    metrics: () => metrics.expose(),
    overview: () => monitor.overview(),
    openFeed: (request) => feed.open(request),
    follows,
  });
  const server = createServer("async", { handler: router.handler });
  const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    events,
    feed,
    async get(path, headers = {}) {
      using client = new HttpClient({ origin: url });
      const response = await client.request({ method: "GET", path, headers });
      const type = response.headers.get("content-type");
      const body = await response.text({ max: 10_000_000 });
      return { status: response.status, ...(type === undefined ? {} : { type }), body };
    },
    async [Symbol.asyncDispose]() {
      feed.stop();
      await server.shutdown();
    },
  };
}

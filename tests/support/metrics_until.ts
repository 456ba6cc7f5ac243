import { type ParsedMetric, parsePrometheus } from "../events/prometheus_parser.ts";

/** The metrics of a server, asked for until they are as wanted: events of other workers take a moment. */
export async function metricsUntil(
  url: string,
  wanted: (metrics: ReadonlyMap<string, ParsedMetric>) => boolean,
): Promise<ReadonlyMap<string, ParsedMetric>> {
  while (true) {
    const response = await fetch(`${url}/metrics`, { headers: { connection: "close" } });
    const metrics = parsePrometheus(await response.text());
    if (wanted(metrics)) return metrics;
  }
}

/** How many events of a type were counted. */
export function eventCount(metrics: ReadonlyMap<string, ParsedMetric>, type: string): number {
  return metrics.get("dfs_events_total")?.samples.find(({ labels }) => labels["type"] === type)?.value ?? 0;
}

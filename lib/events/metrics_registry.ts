import { Counter } from "./counter.ts";
import { Gauge } from "./gauge.ts";
import { Histogram, type HistogramDescription } from "./histogram.ts";
import type { MetricDescription, MetricType, Sample } from "./metric_family.ts";
import { formatMetricValue } from "./metric_value.ts";

/** The media type of what {@linkcode MetricsRegistry.expose} writes. */
export const prometheusMediaType = "text/plain; version=0.0.4; charset=utf-8";

interface Metric {
  readonly family: { readonly name: string; readonly help: string; readonly type: MetricType };
  samples(): readonly Sample[];
}

/**
 * Holds metrics and writes them in the text format of Prometheus.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 *
 * @example
 * ```ts
 * import { MetricsRegistry } from "./metrics_registry.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const metrics = new MetricsRegistry();
 * const seen = metrics.counter({ name: "seen_total", help: "Things seen.", labels: ["kind"] });
 * seen.add({ kind: "cat" });
 * assertEquals(metrics.expose(), '# HELP seen_total Things seen.\n# TYPE seen_total counter\nseen_total{kind="cat"} 1\n');
 * ```
 */
export class MetricsRegistry {
  readonly #metrics = new Map<string, Metric>();
  readonly #refreshers: (() => void)[] = [];

  /** Adds a counter. */
  counter<Label extends string = never>(description: MetricDescription<Label>): Counter<Label> {
    return this.#add(new Counter(description));
  }

  /** Adds a gauge. */
  gauge<Label extends string = never>(description: MetricDescription<Label>): Gauge<Label> {
    return this.#add(new Gauge(description));
  }

  /** Adds a histogram. */
  histogram<Label extends string = never>(description: HistogramDescription<Label>): Histogram<Label> {
    return this.#add(new Histogram(description));
  }

  /** Calls back before every writing, to set gauges that are read from elsewhere, such as the memory in use. */
  beforeExpose(refresh: () => void): void {
    this.#refreshers.push(refresh);
  }

  /** Writes all metrics in the text format of Prometheus, version 0.0.4. */
  expose(): string {
    for (const refresh of this.#refreshers) refresh();
    return [...this.#metrics.values()].map(exposeMetric).join("");
  }

  #add<M extends Metric>(metric: M): M {
    const { name, type } = metric.family;
    const names = type === "histogram" ? ["", "_bucket", "_sum", "_count"].map((suffix) => name + suffix) : [name];
    for (const taken of names) {
      if (this.#taken(taken)) throw new RangeError(`There is a metric "${taken}" already`);
    }
    this.#metrics.set(name, metric);
    return metric;
  }

  #taken(name: string): boolean {
    if (this.#metrics.has(name)) return true;
    const base = name.replace(/_(bucket|sum|count)$/, "");
    return base !== name && this.#metrics.get(base)?.family.type === "histogram";
  }
}

function exposeMetric(metric: Metric): string {
  const { name, help, type } = metric.family;
  const samples = metric.samples().map(({ suffix, labels, value }) =>
    `${name}${suffix}${exposeLabels(labels)} ${formatMetricValue(value)}\n`
  );
  const escapedHelp = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return `# HELP ${name} ${escapedHelp}\n# TYPE ${name} ${type}\n${samples.join("")}`;
}

function exposeLabels(labels: Sample["labels"]): string {
  if (labels.length === 0) return "";
  return `{${labels.map(([name, value]) => `${name}="${escapeLabelValue(value)}"`).join(",")}}`;
}

function escapeLabelValue(value: string): string {
  return value.toWellFormed().replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

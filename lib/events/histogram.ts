import { type LabelValues, type MetricDescription, MetricFamily, type Sample } from "./metric_family.ts";
import { formatMetricValue } from "./metric_value.ts";

/** Upper bounds for durations in seconds, from a millisecond to a minute. */
export const durationBuckets: readonly number[] = [
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
  30,
  60,
];

/** What a {@linkcode Histogram} is called, means and counts by. */
export interface HistogramDescription<Label extends string> extends MetricDescription<Label> {
  /** Upper bounds of the buckets, growing, each within its bucket; {@linkcode durationBuckets} unless told. */
  readonly buckets?: readonly number[];
}

/** Counts values by size. */
export class Histogram<Label extends string = never> {
  /** Its series. */
  readonly family: MetricFamily<Label, { counts: number[]; sum: number }>;
  readonly #buckets: readonly number[];

  /**
   * Begins without a value.
   *
   * @throws {RangeError} if there is no bucket, or their bounds do not grow.
   */
  constructor(description: HistogramDescription<Label>) {
    const buckets = description.buckets ?? durationBuckets;
    if (
      buckets.length === 0 ||
      buckets.some((bound, i) => !Number.isFinite(bound) || bound <= (buckets[i - 1] ?? -Infinity))
    ) {
      throw new RangeError(`The buckets of "${description.name}" do not grow`);
    }
    this.#buckets = buckets;
    this.family = new MetricFamily("histogram", description, () => ({
      counts: new Array<number>(buckets.length + 1).fill(0),
      sum: 0,
    }));
  }

  /** Counts a value. */
  observe(labels: LabelValues<Label>, value: number): void {
    const series = this.family.at(labels);
    const found = this.#buckets.findIndex((bound) => value <= bound);
    const at = found < 0 ? this.#buckets.length : found;
    series.counts[at] = series.counts[at]! + 1;
    series.sum += value;
  }

  /** Its samples: the buckets, each with all below it, then sum and count. */
  samples(): readonly Sample[] {
    return this.family.samples(({ counts, sum }) => {
      let total = 0;
      const buckets = counts.map((count, i): Sample => {
        total += count;
        return { suffix: "_bucket", labels: [["le", formatMetricValue(this.#buckets[i] ?? Infinity)]], value: total };
      });
      return [...buckets, { suffix: "_sum", labels: [], value: sum }, { suffix: "_count", labels: [], value: total }];
    });
  }
}

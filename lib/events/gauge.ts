import { type LabelValues, type MetricDescription, MetricFamily, type Sample } from "./metric_family.ts";

/** A number that goes up and down. */
export class Gauge<Label extends string = never> {
  /** Its series. */
  readonly family: MetricFamily<Label, { value: number }>;

  /** Begins at 0; one without labels shows that 0 from the start, one with labels once a series is first asked for. */
  constructor(description: MetricDescription<Label>) {
    this.family = new MetricFamily("gauge", description, () => ({ value: 0 }));
  }

  /** Sets it. */
  set(labels: LabelValues<Label>, value: number): void {
    this.family.at(labels).value = value;
  }

  /** Adds to it, or takes from it. */
  add(labels: LabelValues<Label>, by: number): void {
    this.family.at(labels).value += by;
  }

  /** Its samples. */
  samples(): readonly Sample[] {
    return this.family.samples(({ value }) => [{ suffix: "", labels: [], value }]);
  }
}

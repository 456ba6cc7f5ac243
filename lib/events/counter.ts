import { type LabelValues, type MetricDescription, MetricFamily, type Sample } from "./metric_family.ts";

/** A number that only grows. */
export class Counter<Label extends string = never> {
  /** Its series. */
  readonly family: MetricFamily<Label, { value: number }>;

  /** Begins at 0; one without labels shows that 0 from the start, one with labels once a series is first asked for. */
  constructor(description: MetricDescription<Label>) {
    this.family = new MetricFamily("counter", description, () => ({ value: 0 }));
  }

  /** Adds to it. @param by At least 0; 1 unless told. */
  add(labels: LabelValues<Label>, by = 1): void {
    if (!(by >= 0)) throw new RangeError(`"${this.family.name}" only grows, not by ${by}`);
    this.family.at(labels).value += by;
  }

  /** Its samples. */
  samples(): readonly Sample[] {
    return this.family.samples(({ value }) => [{ suffix: "", labels: [], value }]);
  }
}

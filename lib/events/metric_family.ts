/** The most series of one metric; further ones are counted together, with every label `other`. */
export const seriesMax = 1000;

/** What kind of metric it is, in the words of the exposition format. */
export type MetricType = "counter" | "gauge" | "histogram";

/** What a metric is called and what it means. */
export interface MetricDescription<Label extends string> {
  /** Letters, digits and `_`; with its unit last, and `_total` for counters. */
  readonly name: string;
  /** What it means: one sentence. */
  readonly help: string;
  /** Names of its labels. */
  readonly labels?: readonly Label[];
}

/** The values of a metric's labels. */
export type LabelValues<Label extends string> = Readonly<Record<Label, string>>;

/** One sample of the exposition: what is added to the metric's name, labels and the value. */
export interface Sample {
  /** What follows the name of the metric: `_bucket`, `_sum` or `_count` in a histogram, otherwise nothing. */
  readonly suffix: string;
  /** Names and values in the order they are written; values are not escaped yet. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** In the unit that the name of the metric ends with. */
  readonly value: number;
}

const namePattern = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labelPattern = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A place in the tree of series; each label leads one step further, by its value. */
interface Node<Series> {
  readonly next: Map<string, Node<Series>>;
  series: Series | undefined;
}

/** All series of one metric, by the values of its labels. The number of series is bounded by {@linkcode seriesMax}. */
export class MetricFamily<Label extends string, Series> {
  /** The name in the exposition, without a suffix: letters, digits, `_` and `:`. */
  readonly name: string;
  /** What the metric means, one sentence: its `# HELP` line. */
  readonly help: string;
  /** What its `# TYPE` line says. */
  readonly type: MetricType;
  readonly #labels: readonly Label[];
  readonly #make: () => Series;
  readonly #root: Node<Series> = newNode();
  readonly #all: { readonly values: readonly string[]; readonly series: Series }[] = [];

  /**
   * Begins without series if it has labels; otherwise the only series is made at once.
   *
   * @param make Makes a series in which nothing was counted.
   * @throws {RangeError} if a name breaks the rules of the exposition format.
   */
  constructor(type: MetricType, description: MetricDescription<Label>, make: () => Series) {
    this.type = type;
    this.name = description.name;
    this.help = description.help;
    this.#labels = description.labels ?? [];
    this.#make = make;
    if (!namePattern.test(this.name)) throw new RangeError(`Not the name of a metric: "${this.name}"`);
    for (const label of this.#labels) {
      if (!labelPattern.test(label) || label === "le") throw new RangeError(`Not the name of a label: "${label}"`);
    }
    if (this.#labels.length === 0) this.#add([]);
  }

  /** The series of some labels; it is made when it is first asked for. */
  at(labels: LabelValues<Label>): Series {
    let node: Node<Series> | undefined = this.#root;
    for (const label of this.#labels) {
      node = node.next.get(labels[label]);
      if (node === undefined) return this.#addUnlessTooMany(labels);
    }
    return node.series ?? this.#addUnlessTooMany(labels);
  }

  /** All samples, by what `samplesOf` makes of a series. */
  samples(samplesOf: (series: Series) => readonly Sample[]): readonly Sample[] {
    return this.#all.flatMap(({ values, series }) => {
      const own = this.#labels.map((label, i) => [label, values[i]!] as const);
      return samplesOf(series).map((sample) => ({ ...sample, labels: [...own, ...sample.labels] }));
    });
  }

  #addUnlessTooMany(labels: LabelValues<Label>): Series {
    const values = this.#labels.map((label) => labels[label]);
    return this.#add(this.#all.length < seriesMax ? values : values.map(() => "other"));
  }

  /** The series of some values, made unless it is there. */
  #add(values: readonly string[]): Series {
    let node = this.#root;
    for (const value of values) {
      let next = node.next.get(value);
      if (next === undefined) node.next.set(value, next = newNode());
      node = next;
    }
    if (node.series !== undefined) return node.series;
    const series = this.#make();
    node.series = series;
    this.#all.push({ values, series });
    return series;
  }
}

function newNode<Series>(): Node<Series> {
  return { next: new Map(), series: undefined };
}

/**
 * A strict parser of the text format of Prometheus, version 0.0.4, for the tests: what its specification forbids, and what
 * it only advises against, is an error.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export interface ParsedMetric {
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram" | "summary" | "untyped";
  readonly samples: readonly ParsedSample[];
}

/** One line with a value. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Open {
  name: string;
  help: string;
  type: ParsedMetric["type"] | undefined;
  samples: ParsedSample[];
}

/** Reads an exposition. @throws {SyntaxError} at the first fault. */
export function parsePrometheus(text: string): Map<string, ParsedMetric> {
  if (!text.endsWith("\n")) throw new SyntaxError("The last line has no end");
  const metrics = new Map<string, ParsedMetric>();
  const seen = new Set<string>();
  let open: Open | undefined;
  const close = () => {
    if (open === undefined) return;
    if (open.type === undefined) throw new SyntaxError(`"${open.name}" has no type`);
    const metric = { help: open.help, type: open.type, samples: open.samples };
    if (metric.type === "histogram") checkHistogram(open.name, metric.samples);
    if (metric.type === "counter") checkCounter(open.name, metric.samples);
    metrics.set(open.name, metric);
  };
  for (const line of text.slice(0, -1).split("\n")) {
    const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\\n]|\\\\|\\n)*)$/.exec(line);
    if (help) {
      close();
      if (metrics.has(help[1]!)) throw new SyntaxError(`"${help[1]}" comes twice`);
      open = { name: help[1]!, help: unescape(help[2]!), type: undefined, samples: [] };
      continue;
    }
    if (open === undefined) throw new SyntaxError(`A line before any HELP: ${line}`);
    const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$/.exec(line);
    if (type) {
      if (type[1] !== open.name || open.type !== undefined) throw new SyntaxError(`A TYPE out of place: ${line}`);
      open.type = typeOf(type[2]!);
      continue;
    }
    const sample = parseSample(line);
    const suffixes = open.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    if (!suffixes.some((suffix) => sample.name === open!.name + suffix)) throw new SyntaxError(`Out of place: ${line}`);
    const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
    if (seen.has(key)) throw new SyntaxError(`A series comes twice: ${line}`);
    seen.add(key);
    open.samples.push(sample);
  }
  close();
  return metrics;
}

function parseSample(line: string): ParsedSample {
  const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^]*)\})? ([+-]Inf|NaN|-?[0-9][0-9.e+-]*)$/.exec(line);
  if (!match) throw new SyntaxError(`Not a sample: ${line}`);
  const [, name, labelText, valueText] = match;
  const value = Number(valueText!.replace("Inf", "Infinity"));
  if (Number.isNaN(value) && valueText !== "NaN") throw new SyntaxError(`Not a number: ${line}`);
  return { name: name!, labels: labelText === undefined ? {} : parseLabels(labelText), value };
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)/y;
  while (label.lastIndex < text.length) {
    const match = label.exec(text);
    if (!match) throw new SyntaxError(`Not labels: ${text}`);
    if (match[1]! in labels || match[1]!.startsWith("__")) throw new SyntaxError(`A label out of place: ${match[1]}`);
    if (match[3] === "," && label.lastIndex === text.length) throw new SyntaxError(`A comma at the end: ${text}`);
    labels[match[1]!] = unescape(match[2]!);
  }
  return labels;
}

function checkCounter(name: string, samples: readonly ParsedSample[]): void {
  if (!name.endsWith("_total")) throw new SyntaxError(`The counter "${name}" does not end in _total`);
  if (samples.some(({ value }) => !(value >= 0))) throw new SyntaxError(`The counter "${name}" is below zero`);
}

function checkHistogram(name: string, samples: readonly ParsedSample[]): void {
  const series = Map.groupBy(samples, ({ labels: { le: _le, ...others } }) => JSON.stringify(others));
  for (const [labels, own] of series) {
    const buckets = own.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number(labels["le"]?.replace("Inf", "Infinity")));
    const count = own.find((sample) => sample.name === `${name}_count`)?.value;
    const grows = (values: readonly number[], strictly: boolean) =>
      values.every((value, i) => i === 0 || (strictly ? value > values[i - 1]! : value >= values[i - 1]!));
    const good = bounds.at(-1) === Infinity && grows(bounds, true) && grows(buckets.map(({ value }) => value), false) &&
      buckets.at(-1)?.value === count && own.some((sample) => sample.name === `${name}_sum`) &&
      own.length === buckets.length + 2;
    if (!good) throw new SyntaxError(`The histogram "${name}" is not whole for ${labels}`);
  }
}

function unescape(text: string): string {
  return text.replace(/\\(.)/gs, (_, char) => char === "n" ? "\n" : char);
}

function typeOf(text: string): ParsedMetric["type"] {
  const types = ["counter", "gauge", "histogram", "summary", "untyped"] as const;
  const type = types.find((type) => type === text);
  if (type === undefined) throw new SyntaxError(`Not a type: ${text}`);
  return type;
}

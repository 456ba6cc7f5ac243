import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { MetricsRegistry, seriesMax } from "../../lib/events/mod.ts";
import { parsePrometheus } from "./prometheus_parser.ts";

Deno.test("expose() writes counters, gauges and histograms that a strict parser reads back", () => {
  const metrics = new MetricsRegistry();
  const counter = metrics.counter({ name: "c_total", help: "A \\ counter\nof two lines.", labels: ["a", "b"] });
  const gauge = metrics.gauge({ name: "g", help: "A gauge." });
  const histogram = metrics.histogram({ name: "h_seconds", help: "A histogram.", labels: ["a"], buckets: [0.1, 1] });
  counter.add({ a: "x", b: 'quote " slash \\ line \n end' });
  counter.add({ a: "x", b: "y" }, 2.5);
  gauge.set({}, -Infinity);
  for (const value of [0.05, 0.1, 0.5, 3]) histogram.observe({ a: "z" }, value);
  const parsed = parsePrometheus(metrics.expose());
  assertEquals([...parsed.keys()], ["c_total", "g", "h_seconds"]);
  assertEquals(parsed.get("c_total"), {
    help: "A \\ counter\nof two lines.",
    type: "counter",
    samples: [
      { name: "c_total", labels: { a: "x", b: 'quote " slash \\ line \n end' }, value: 1 },
      { name: "c_total", labels: { a: "x", b: "y" }, value: 2.5 },
    ],
  });
  assertEquals(parsed.get("g")?.samples, [{ name: "g", labels: {}, value: -Infinity }]);
  assertEquals(parsed.get("h_seconds")?.samples.map(({ name, labels, value }) => [name, labels["le"], value]), [
    ["h_seconds_bucket", "0.1", 2],
    ["h_seconds_bucket", "1", 3],
    ["h_seconds_bucket", "+Inf", 4],
    ["h_seconds_sum", undefined, 3.65],
    ["h_seconds_count", undefined, 4],
  ]);
});

Deno.test("expose() can be read back whatever the labels and values are", () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.double())), (entries) => {
    const metrics = new MetricsRegistry();
    const gauge = metrics.gauge({ name: "g", help: "G.", labels: ["l"] });
    const expected = new Map<string, number>();
    for (const [label, value] of entries) {
      gauge.set({ l: label }, value);
      expected.set(label, value);
    }
    const samples = parsePrometheus(metrics.expose()).get("g")?.samples ?? [];
    assertEquals(
      new Map(samples.map(({ labels, value }) => [labels["l"] ?? "", value + 0])),
      new Map([...expected].map(([label, value]) => [label, value + 0])),
    );
  }));
});

Deno.test("the number of series is bounded; further ones are counted together", () => {
  const metrics = new MetricsRegistry();
  const counter = metrics.counter({ name: "c_total", help: "C.", labels: ["who", "what"] });
  for (let i = 0; i < seriesMax + 50; i++) counter.add({ who: `client ${i}`, what: "x" });
  const samples = parsePrometheus(metrics.expose()).get("c_total")?.samples ?? [];
  assertEquals(samples.length, seriesMax + 1);
  assertEquals(samples.at(-1), { name: "c_total", labels: { who: "other", what: "other" }, value: 50 });
});

Deno.test("beforeExpose() refreshes what is read from elsewhere", () => {
  const metrics = new MetricsRegistry();
  const gauge = metrics.gauge({ name: "g", help: "G." });
  let value = 1;
  metrics.beforeExpose(() => gauge.set({}, value++));
  gauge.add({}, 5);
  assert(metrics.expose().endsWith("g 1\n"));
  assert(metrics.expose().endsWith("g 2\n"));
});

Deno.test("MetricsRegistry refuses names that are taken or malformed, and counters that shrink", () => {
  const metrics = new MetricsRegistry();
  metrics.histogram({ name: "h", help: "H." });
  metrics.counter({ name: "c_total", help: "C." });
  for (const name of ["h", "h_bucket", "h_count", "c_total", "1c", "a-b", ""]) {
    assertThrows(() => metrics.gauge({ name, help: "G." }), RangeError);
  }
  assertThrows(() => metrics.gauge({ name: "g", help: "G.", labels: ["__x"] }), RangeError);
  assertThrows(() => metrics.gauge({ name: "g", help: "G.", labels: ["le"] }), RangeError);
  for (const buckets of [[], [1, 1], [2, 1], [Infinity]]) {
    assertThrows(() => metrics.histogram({ name: "i", help: "I.", buckets }), RangeError);
  }
  const counter = metrics.counter({ name: "d_total", help: "D." });
  for (const by of [-1, NaN]) assertThrows(() => counter.add({}, by), RangeError);
});

Deno.test("the strict parser refuses what the format forbids", () => {
  const head = "# HELP a_total A.\n# TYPE a_total counter\n";
  const bad = [
    `${head}a_total 1`,
    `${head}a_total{x="1",} 1\n`,
    `${head}a_total{x="1" y="2"} 1\n`,
    `${head}a_total{x="a\\b"} 1\n`,
    `${head}a_total 1\na_total 2\n`,
    `${head}b_total 1\n`,
    `${head}a_total one\n`,
    `${head}a_total -1\n`,
    `${head}a_total  1\n`,
    "a_total 1\n",
    '# HELP h H.\n# TYPE h histogram\nh_bucket{le="1"} 1\nh_sum 1\nh_count 1\n',
  ];
  for (const text of bad) assertThrows(() => parsePrometheus(text), SyntaxError, "", text);
});

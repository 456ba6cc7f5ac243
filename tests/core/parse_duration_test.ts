import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatDuration, parseDuration } from "../../lib/core/mod.ts";

Deno.test("parseDuration() reads numbers with units, in falling order", () => {
  const cases: readonly (readonly [text: string, ms: number])[] = [
    ["0", 0],
    ["0s", 0],
    ["250ms", 250],
    ["2s", 2000],
    ["1.5s", 1500],
    ["0.4ms", 0],
    ["10m", 600_000],
    ["2h", 7_200_000],
    ["90d", 7_776_000_000],
    ["2w", 1_209_600_000],
    ["1h30m", 5_400_000],
    ["1d2h3m4s5ms", 93_784_005],
    [" 2h ", 7_200_000],
  ];
  for (const [text, ms] of cases) assertEquals(parseDuration(text), ms, text);
});

Deno.test("parseDuration() refuses what could be meant in two ways, or in none", () => {
  const texts = [
    "",
    "5",
    "-2s",
    "+2s",
    "2",
    "2 h",
    "2H",
    "h",
    "1e3s",
    ".5s",
    "1.s",
    "30m1h",
    "1h1h",
    "1h30",
    "2y",
    "NaN",
  ];
  for (const text of [...texts, "1m\n2s", "999999999999999w"]) assertEquals(parseDuration(text), undefined, text);
});

Deno.test("formatDuration() writes what parseDuration() reads back", () => {
  assertEquals(formatDuration(0), "0");
  assertEquals(formatDuration(7_776_000_000), "90d");
  fc.assert(fc.property(fc.nat({ max: 10 ** 13 }), (ms) => parseDuration(formatDuration(ms)) === ms));
});

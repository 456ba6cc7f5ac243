import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatExactBytes, parseBytes } from "../../lib/core/mod.ts";

Deno.test("parseBytes() reads plain numbers and units of 1000 and of 1024", () => {
  const cases: readonly (readonly [text: string, bytes: number])[] = [
    ["0", 0],
    ["65536", 65_536],
    ["10B", 10],
    ["500K", 500_000],
    ["500kB", 500_000],
    ["2MB", 2_000_000],
    ["2 mb", 2_000_000],
    ["1.5G", 1_500_000_000],
    ["1T", 10 ** 12],
    ["64KiB", 65_536],
    ["1mib", 1_048_576],
    ["0.5 GiB", 536_870_912],
    ["1TiB", 2 ** 40],
    [" 7 ", 7],
  ];
  for (const [text, bytes] of cases) assertEquals(parseBytes(text), bytes, text);
});

Deno.test("parseBytes() refuses what is no number of bytes", () => {
  const texts = [
    "",
    "B",
    "-1",
    "+1",
    "1e3",
    "1 000",
    "1,5M",
    "2MBit",
    "2Mb/s",
    "iB",
    "2iB",
    "1P",
    "0x10",
    ".5M",
    "1.M",
  ];
  for (const text of [...texts, "9999999999999999T"]) assertEquals(parseBytes(text), undefined, text);
});

Deno.test("formatExactBytes() writes what parseBytes() reads back", () => {
  assertEquals(formatExactBytes(0), "0");
  assertEquals(formatExactBytes(1_500_000), "1500KB");
  fc.assert(fc.property(fc.maxSafeNat(), (bytes) => parseBytes(formatExactBytes(bytes)) === bytes));
});

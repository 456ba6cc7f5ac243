import { assertEquals } from "@std/assert";
import { parseByteRanges } from "../../lib/network/byte_ranges.ts";

function ranges(value: string, size = 100) {
  return parseByteRanges(value, size)?.map(({ start, length }) => [start, length]);
}

Deno.test("parseByteRanges() reads first-last, open and suffix ranges", () => {
  assertEquals(ranges("bytes=0-0"), [[0, 1]]);
  assertEquals(ranges("bytes=10-19, 30-"), [[10, 10], [30, 70]]);
  assertEquals(ranges("Bytes=-10"), [[90, 10]]);
  assertEquals(ranges("bytes=-1000"), [[0, 100]]);
  assertEquals(ranges("bytes=90-1000"), [[90, 10]]);
});

Deno.test("parseByteRanges() leaves out what lies outside, and says so if nothing is left", () => {
  assertEquals(ranges("bytes=100-, 5-5"), [[5, 1]]);
  assertEquals(ranges("bytes=100-"), []);
  assertEquals(ranges("bytes=-0"), []);
  assertEquals(ranges("bytes=0-", 0), []);
});

Deno.test("parseByteRanges() refuses to send more than there is", () => {
  assertEquals(ranges("bytes=0-50,50-99"), []);
  assertEquals(ranges("bytes=" + Array.from({ length: 17 }, (_, i) => `${i * 2}-${i * 2}`).join(",")), []);
});

Deno.test("parseByteRanges() ignores what is none", () => {
  for (
    const value of ["lines=0-1", "bytes=", "bytes=a-b", "bytes=5-1", "bytes=1", "bytes=--1", "bytes=0x1-2", "bytes 0-1"]
  ) {
    assertEquals(ranges(value), undefined, value);
  }
});

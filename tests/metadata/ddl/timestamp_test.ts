import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatTimestamp, parseFileTime, parseTimestamp } from "../../../lib/metadata/ddl/mod.ts";
import { timestampMsMax, timestampMsMin } from "../../../lib/metadata/ddl/timestamp.ts";

Deno.test("parseTimestamp() reads what formatTimestamp() writes", () => {
  fc.assert(fc.property(fc.integer({ min: timestampMsMin, max: timestampMsMax }), (ms) => {
    assertEquals(parseTimestamp(formatTimestamp(ms)), ms);
  }));
});

Deno.test("parseFileTime() reads what formatTimestamp() writes, to the nanosecond", () => {
  const any = fc.tuple(fc.integer({ min: timestampMsMin, max: timestampMsMax }), fc.nat(999_999));
  fc.assert(fc.property(any, ([mtimeMs, restNs]) => {
    const time = restNs === 0 ? { mtimeMs } : { mtimeMs, mtimeRestNs: restNs };
    assertEquals(parseFileTime(formatTimestamp(mtimeMs, restNs)), time);
  }));
});

Deno.test("formatTimestamp() writes no fraction, three digits of it or nine", () => {
  const mtimeMs = Date.UTC(2024, 0, 15, 10, 30);
  assertEquals(formatTimestamp(mtimeMs), "2024-01-15T10:30:00Z");
  assertEquals(formatTimestamp(mtimeMs + 120), "2024-01-15T10:30:00.120Z");
  assertEquals(formatTimestamp(mtimeMs + 123, 456_789), "2024-01-15T10:30:00.123456789Z");
  assertEquals(formatTimestamp(mtimeMs, 1), "2024-01-15T10:30:00.000000001Z");
  assertEquals(formatTimestamp(-1, 999_999), "1969-12-31T23:59:59.999999999Z");
});

Deno.test("parseFileTime() reads one digit of fraction to nine, with any zone", () => {
  const mtimeMs = Date.UTC(2024, 0, 15, 10, 30);
  const fractions = {
    "": [0, 0],
    ".1": [100, 0],
    ".12": [120, 0],
    ".123": [123, 0],
    ".1234": [123, 400_000],
    ".12345": [123, 450_000],
    ".123456": [123, 456_000],
    ".1234567": [123, 456_700],
    ".12345678": [123, 456_780],
    ".123456789": [123, 456_789],
    ".000000000": [0, 0],
    ".000000001": [0, 1],
  } as const;
  for (const [fraction, [ms, restNs]] of Object.entries(fractions)) {
    const time = restNs === 0 ? { mtimeMs: mtimeMs + ms } : { mtimeMs: mtimeMs + ms, mtimeRestNs: restNs };
    for (const text of [`2024-01-15T10:30:00${fraction}Z`, `2024-01-15T09:00:00${fraction}-01:30`]) {
      assertEquals(parseFileTime(text), time, text);
      assertEquals(parseTimestamp(text), time.mtimeMs, text);
    }
  }
  assertEquals(parseFileTime("2023-02-29T00:00:00.123456789Z"), undefined);
});

Deno.test("parseTimestamp() reads a time as Date does", () => {
  const texts = [
    "2024-02-29T00:00:00Z",
    "1969-12-31T23:59:59.999Z",
    "2000-02-29T12:00:00+14:00",
    "1900-03-01T00:00:00.1-00:30",
    "0100-01-01T00:00:00Z",
  ];
  for (const text of texts) assertEquals(parseTimestamp(text), Date.parse(text), text);
});

Deno.test("parseTimestamp() refuses what does not exist or is written otherwise", () => {
  const texts = [
    "2023-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-00-01T00:00:00Z",
    "2024-04-31T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T00:60:00Z",
    "2024-01-01T00:00:60Z",
    "2024-01-01T00:00:00",
    "2024-01-01T00:00:00+24:00",
    "2024-01-01T00:00:00.Z",
    "2024-01-01T00:00:00.1234567890Z",
    "2024-01-01t00:00:00Z",
    "2024-01-01 00:00:00Z",
    "0099-12-31T23:59:59Z",
    "+024-01-01T00:00:00Z",
    "2024-01-01T00:00:00Z ",
    "",
  ];
  for (const text of texts) assertEquals(parseTimestamp(text), undefined, text);
});

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatTimestamp, parseTimestamp } from "../../../lib/metadata/ddl/mod.ts";
import { timestampMsMax, timestampMsMin } from "../../../lib/metadata/ddl/timestamp.ts";

Deno.test("parseTimestamp() reads what formatTimestamp() writes", () => {
  fc.assert(fc.property(fc.integer({ min: timestampMsMin, max: timestampMsMax }), (ms) => {
    assertEquals(parseTimestamp(formatTimestamp(ms)), ms);
  }));
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
    "2024-01-01T00:00:00.1234Z",
    "2024-01-01t00:00:00Z",
    "2024-01-01 00:00:00Z",
    "0099-12-31T23:59:59Z",
    "+024-01-01T00:00:00Z",
    "2024-01-01T00:00:00Z ",
    "",
  ];
  for (const text of texts) assertEquals(parseTimestamp(text), undefined, text);
});

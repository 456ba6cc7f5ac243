import { assertEquals, assertThrows } from "@std/assert";
import { parseMoment } from "../../cli/moment.ts";
import { Failure } from "../../lib/core/mod.ts";

const nowMs = Date.UTC(2026, 0, 31, 12, 0, 0, 500);

Deno.test("parseMoment() takes dates and times without a zone for local ones", () => {
  const local = {
    "2026-01-31": new Date(2026, 0, 31),
    "2026-07-01T18:30": new Date(2026, 6, 1, 18, 30),
    "2026-07-01 18:30": new Date(2026, 6, 1, 18, 30),
    "2026-07-01T18:30:05": new Date(2026, 6, 1, 18, 30, 5),
    "2024-02-29T23:59:59.250987654": new Date(2024, 1, 29, 23, 59, 59, 250),
    "2024-02-29T23:59:59.25": new Date(2024, 1, 29, 23, 59, 59, 250),
  };
  for (const [text, time] of Object.entries(local)) assertEquals(parseMoment(text, nowMs), time.toISOString(), text);
});

Deno.test("parseMoment() takes zones at their word", () => {
  const zoned = {
    "2026-01-31T12:00:01.123456789Z": "2026-01-31T12:00:01.123Z",
    "2026-01-31T12:00Z": "2026-01-31T12:00:00.000Z",
    "2026-01-31t12:00:01.5z": "2026-01-31T12:00:01.500Z",
    "2026-01-31T00:30+01:00": "2026-01-30T23:30:00.000Z",
    "2026-01-31T00:30-0930": "2026-01-31T10:00:00.000Z",
    "2026-01-31 00:30+01": "2026-01-30T23:30:00.000Z",
  };
  for (const [text, time] of Object.entries(zoned)) assertEquals(parseMoment(text, nowMs), time, text);
});

Deno.test("parseMoment() counts back from now", () => {
  const ago = { "45s": 45_000, "30m": 1_800_000, "2h": 7_200_000, "3d": 259_200_000, "1w": 604_800_000, "0s": 0 };
  for (const [text, ms] of Object.entries(ago)) {
    const time = new Date(nowMs - ms).toISOString();
    assertEquals(parseMoment(text, nowMs), time);
    assertEquals(parseMoment(`${text} ago`, nowMs), time);
  }
});

Deno.test("parseMoment() hands on the number of a revision", () => {
  for (const text of ["1", "12", "2026"]) assertEquals(parseMoment(text, nowMs), text);
});

Deno.test("parseMoment() refuses what is no moment", () => {
  const wrong = [
    ...["", " ", "now", "yesterday", "-1", "1.5", "2 h", "h", "2y", "2hours", "ago", "999999999w"],
    ...["2026-1-1", "2026-13-01", "2026-02-30", "2025-02-29", "2026-01-31T", "2026-01-31T24:00", "2026-01-31T12"],
    ...["2026-01-31T12:60", "2026-01-31T12:00:61", "2026-01-31T12:00+25:00", "2026-01-31Z", "20260131T120000Z"],
    ...["2026-01-31T12:00Z\n", "x2026-01-31", "0000-01-01"],
  ];
  for (const text of wrong) {
    const failure = assertThrows(() => parseMoment(text, nowMs), Failure, "is not a time", JSON.stringify(text));
    assertEquals(failure.kind, "usage");
  }
});

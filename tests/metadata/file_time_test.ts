import { assertEquals } from "@std/assert";
import { compareTimes, type FileTime, fileTime, sameTime, timeOf } from "../../lib/metadata/mod.ts";

/** Times that all differ, the earliest first. */
const times: readonly FileTime[] = [
  { mtimeMs: -2, mtimeRestNs: 999_999 },
  { mtimeMs: -1 },
  { mtimeMs: -1, mtimeRestNs: 1 },
  { mtimeMs: 0 },
  { mtimeMs: 0, mtimeRestNs: 999_999 },
  { mtimeMs: 1 },
];

Deno.test("sameTime() and compareTimes() tell times apart to the nanosecond", () => {
  for (const [index, a] of times.entries()) {
    for (const [other, b] of times.entries()) {
      assertEquals(sameTime(a, b), index === other);
      assertEquals(Math.sign(compareTimes(a, b)), Math.sign(index - other));
    }
  }
});

Deno.test("fileTime() and timeOf() leave a rest of 0 off, which means the same", () => {
  const untold = { mtimeMs: 5 };
  for (const rest of [0, undefined]) {
    assertEquals([fileTime(5, rest), timeOf({ mtimeMs: 5, mtimeRestNs: rest })], [untold, untold]);
    assertEquals(sameTime(untold, { mtimeMs: 5, mtimeRestNs: rest }), true);
    assertEquals(compareTimes(untold, { mtimeMs: 5, mtimeRestNs: rest }), 0);
  }
  const told = { mtimeMs: 5, mtimeRestNs: 7 };
  const file = { ...told, mode: 0o644 };
  assertEquals([fileTime(5, 7), timeOf(file)], [told, told]);
});

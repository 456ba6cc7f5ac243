import { assertEquals } from "@std/assert";
import { bearsTime, type DiskStat, toldTime } from "../../lib/sync/mod.ts";

function stat(mtimeMs: number, mtimeRestNs?: number): DiskStat {
  return { kind: "file", size: 1, mode: 0o644, mtimeMs, mtimeRestNs, ctimeMs: 0, inode: 7 };
}

Deno.test("bearsTime() goes by nanoseconds where the platform tells them", () => {
  assertEquals(bearsTime(stat(5, 7), { mtimeMs: 5, mtimeRestNs: 7 }), true);
  assertEquals(bearsTime(stat(5, 7), { mtimeMs: 5, mtimeRestNs: 8 }), false);
  assertEquals(bearsTime(stat(5, 0), { mtimeMs: 5 }), true);
  assertEquals(bearsTime(stat(5, 7), { mtimeMs: 5 }), false);
});

Deno.test("bearsTime() goes by milliseconds where the platform tells no more", () => {
  assertEquals(bearsTime(stat(5), { mtimeMs: 5, mtimeRestNs: 7 }), true);
  assertEquals(bearsTime(stat(6), { mtimeMs: 5, mtimeRestNs: 7 }), false);
});

Deno.test("toldTime() gives what the platform tells", () => {
  assertEquals(toldTime(stat(5, 7), { mtimeMs: 5, mtimeRestNs: 8 }), { mtimeMs: 5, mtimeRestNs: 7 });
  assertEquals(Object.keys(toldTime(stat(5, 0), undefined)), ["mtimeMs"]);
});

Deno.test("toldTime() keeps the known nanoseconds where the platform tells milliseconds, as long as these are the same", () => {
  const known = { mtimeMs: 5, mtimeRestNs: 8 };
  assertEquals(toldTime(stat(5), known), known);
  assertEquals(Object.keys(toldTime(stat(6), known)), ["mtimeMs"]);
  assertEquals(toldTime(stat(5), undefined), { mtimeMs: 5 });
});

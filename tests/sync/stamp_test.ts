import { assertEquals } from "@std/assert";
import { type DiskStat, stampOf, stampOfPlaced } from "../../lib/sync/mod.ts";

const now = 1_000_000_123;

function stat(mtimeMs: number, ctimeMs = mtimeMs): DiskStat {
  return { kind: "file", size: 1, mode: 0o644, mtimeMs, ctimeMs, inode: 7 };
}

Deno.test("stampOf() gives the change time and the inode of a file that did not change lately", () => {
  assertEquals(stampOf(stat(now - 60_001), now), { ctimeMs: now - 60_001, inode: 7 });
});

const proving: Record<string, { stat: DiskStat; proves: boolean }> = {
  "changed right now": { stat: stat(now), proves: false },
  "changed a moment ago": { stat: stat(now - 30), proves: false },
  "changed a tenth of a second ago": { stat: stat(now - 101), proves: true },
  "changed a second ago, times in whole seconds": { stat: stat(999_999_000), proves: false },
  "changed three seconds ago, times in whole seconds": { stat: stat(999_997_000), proves: true },
  "changed by a clock that is slightly ahead": { stat: stat(now + 1500), proves: false },
  "bears an old time that was set just now": { stat: stat(5_123, now - 1), proves: false },
  "bears a time far ahead that was set long ago": { stat: stat(now * 2, now - 60_001), proves: true },
  "bears a time far ahead that was set just now": { stat: stat(now * 2, now - 1), proves: false },
  "bears a new time, on a platform without change times": { stat: stat(now - 1, 0), proves: false },
  "bears an old time, on a platform without change times": { stat: stat(now - 60_001, 0), proves: true },
  "bears an old time that was set within this second, told in whole seconds": {
    stat: stat(5_123, 1_000_000_000),
    proves: false,
  },
  "bears an old time that was set in the second before, told in whole seconds": {
    stat: stat(5_123, 999_999_000),
    proves: true,
  },
  "bears a time before 1970": { stat: stat(-5_123, now - 60_001), proves: true },
};

for (const [what, { stat, proves }] of Object.entries(proving)) {
  Deno.test(`stampOf() ${proves ? "trusts" : "does not trust"} a file that ${what}`, () => {
    assertEquals(stampOf(stat, now) !== undefined, proves);
  });
}

Deno.test("stampOfPlaced() trusts a file that was put in its place within this second with an old time", () => {
  assertEquals(stampOfPlaced(stat(5_123, 1_000_000_000), now), { ctimeMs: 1_000_000_000, inode: 7 });
});

Deno.test("stampOfPlaced() does not trust a file whose own time is of this moment", () => {
  assertEquals(stampOfPlaced(stat(now - 30, 1_000_000_000), now), undefined);
});

import { assertEquals, assertThrows } from "@std/assert";
import { completeLimits, defaultLimits } from "../../lib/network/limits.ts";
import { newCounters, sumStats } from "../../lib/network/server_stats.ts";

Deno.test("completeLimits() fills gaps and refuses limits that contradict each other", () => {
  assertEquals(completeLimits({ headerCountMax: 7 }), { ...defaultLimits, headerCountMax: 7 });
  assertThrows(() => completeLimits({ headBytesMax: 100 }), RangeError, "must not exceed");
  assertThrows(() => completeLimits({ connectionsMax: 0 }), RangeError, "connectionsMax");
});

Deno.test("sumStats() adds statistics up", () => {
  const one = { ...newCounters(), requests: 2, errors: 1 };
  assertEquals(sumStats([one, one]), { ...newCounters(), requests: 4, errors: 2 });
});

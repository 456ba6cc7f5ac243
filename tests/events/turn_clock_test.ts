import { assertEquals } from "@std/assert";
import { turnClock } from "../../lib/events/mod.ts";
import { FakeTime } from "./fakes.ts";

Deno.test("turnClock() reads the clock once between two waits", async () => {
  const time = new FakeTime(1000);
  const clock = turnClock(time);
  assertEquals(clock.now(), 1000);
  time.pass(5);
  assertEquals(clock.now(), 1000);
  assertEquals(clock.monotonic(), 1005);
  await Promise.resolve();
  assertEquals(clock.now(), 1005);
});

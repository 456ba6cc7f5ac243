import { assert, assertEquals, assertRejects } from "@std/assert";
import { RateLimiter } from "../../lib/core/mod.ts";
import { FakeTime } from "../events/fakes.ts";

function limiterOf(bytesPerSecond: number): { readonly time: FakeTime; readonly limiter: RateLimiter } {
  const time = new FakeTime();
  const after = (ms: number, callback: () => void): Disposable => time.after(ms, callback);
  return { time, limiter: new RateLimiter({ bytesPerSecond, clock: time, after }) };
}

Deno.test("RateLimiter.pass() keeps to its rate", async () => {
  const { time, limiter } = limiterOf(10_000);
  const start = time.monotonic();
  assertEquals(limiter.pieceBytes, 500);
  for (let passed = 0; passed < 100_000; passed += 500) {
    const done = limiter.pass(500);
    while (time.pending > 0) time.pass(1);
    await done;
  }
  const rate = 100_000 / (time.monotonic() - start) * 1000;
  assert(rate > 9_000 && rate <= 10_060, `${rate} bytes a second`);
});

Deno.test("RateLimiter lets those who share it get on in the order in which they came", async () => {
  const { time, limiter } = limiterOf(1000);
  const order: string[] = [];
  const passes = ["a", "b", "c", "d"].map((name) => limiter.pass(50).then(() => void order.push(name)));
  for (let step = 0; step < 5; step++) {
    await Promise.resolve();
    time.pass(50);
  }
  await Promise.all(passes);
  assertEquals(order, ["a", "b", "c", "d"]);
});

Deno.test("RateLimiter.pass() ends with the reason of its signal, and leaves no timer", async () => {
  const { time, limiter } = limiterOf(1000);
  const controller = new AbortController();
  await limiter.pass(50, controller.signal);
  const waiting = assertRejects(() => limiter.pass(500, controller.signal), TypeError, "enough");
  assertEquals(time.pending, 1);
  controller.abort(new TypeError("enough"));
  await waiting;
  assertEquals(time.pending, 0);
  await assertRejects(() => limiter.pass(1, controller.signal), TypeError, "enough");
});

Deno.test("RateLimiter passes pieces that are neither empty nor large", () => {
  assertEquals([1, 100, 2_000_000, 1e9].map((rate) => limiterOf(rate).limiter.pieceBytes), [1, 5, 65_536, 65_536]);
});

Deno.test("RateLimiter waits by the system's timers unless told", async () => {
  const limiter = new RateLimiter({ bytesPerSecond: 1_000_000 });
  await limiter.pass(limiter.pieceBytes);
  let passed = false;
  const passing = limiter.pass(limiter.pieceBytes).then(() => passed = true);
  for (let turns = 0; turns < 10; turns++) await Promise.resolve();
  assertEquals(passed, false);
  await passing;
});

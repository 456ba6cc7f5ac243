import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { TokenBucket } from "../../lib/core/mod.ts";

Deno.test("TokenBucket.take() lets a full bucket go at once, and whoever comes next wait behind", () => {
  const bucket = new TokenBucket({ perSecond: 1000, capacity: 100 });
  assertEquals([bucket.take(60, 5), bucket.take(60, 5), bucket.take(30, 5)], [0, 20, 50]);
  assertEquals([bucket.take(0, 30), bucket.take(0, 55)], [25, 0]);
});

Deno.test("TokenBucket holds no more than its capacity, however long it rests", () => {
  const bucket = new TokenBucket({ perSecond: 1000, capacity: 100 });
  assertEquals([bucket.take(100, 0), bucket.take(101, 1e9)], [0, 1]);
  bucket.giveBack(1e6);
  assertEquals(bucket.take(100, 1e9), 0);
});

Deno.test("TokenBucket.giveBack() makes up for what was not used", () => {
  const bucket = new TokenBucket({ perSecond: 1000, capacity: 100 });
  bucket.take(150, 0);
  bucket.giveBack(30);
  assertEquals(bucket.take(0, 0), 20);
});

Deno.test("TokenBucket bears a time that steps back", () => {
  const bucket = new TokenBucket({ perSecond: 1000, capacity: 100 });
  assertEquals([bucket.take(100, 50), bucket.take(10, 0), bucket.take(0, 10)], [0, 10, 0]);
});

Deno.test("TokenBucket lets out no more than flowed in and one capacity, and loses no time while somebody waits", () => {
  const counts = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 100 });
  fc.assert(fc.property(counts, fc.integer({ min: 1, max: 10_000 }), (takes, perSecond) => {
    const bucket = new TokenBucket({ perSecond, capacity: 200 });
    let now = 0;
    let taken = 0;
    for (const count of takes) {
      now += bucket.take(count, now);
      taken += count;
      assert(taken <= 200 + now * perSecond / 1000 + 1e-6, "Too much went out");
    }
    assert(Math.abs(now - Math.max(0, taken - 200) * 1000 / perSecond) < 1e-3 * taken, "It took longer than it must");
  }));
});

Deno.test("TokenBucket refuses a rate or a capacity that is not positive", () => {
  for (const perSecond of [0, -1, NaN]) assertThrows(() => new TokenBucket({ perSecond, capacity: 1 }), RangeError);
  assertThrows(() => new TokenBucket({ perSecond: 1, capacity: 0 }), RangeError);
});

import { assertEquals, assertThrows } from "@std/assert";
import { Semaphore } from "../../lib/core/mod.ts";

/** Lets everything run that can. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

Deno.test("acquire() lets in as many as there are permits, the others in the order they came", async () => {
  const semaphore = new Semaphore(2);
  const held: Disposable[] = [];
  const order: number[] = [];
  for (let n = 0; n < 5; n++) {
    void semaphore.acquire().then((permit) => {
      order.push(n);
      held.push(permit);
    });
  }
  await settle();
  assertEquals(order, [0, 1]);
  held[1]![Symbol.dispose]();
  await settle();
  assertEquals(order, [0, 1, 2]);
  held[0]![Symbol.dispose]();
  held[2]![Symbol.dispose]();
  await settle();
  assertEquals(order, [0, 1, 2, 3, 4]);
});

Deno.test("acquire() gives a permit that counts once, however often it is given back", async () => {
  const semaphore = new Semaphore(1);
  const first = await semaphore.acquire();
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  await semaphore.acquire();
  let entered = false;
  void semaphore.acquire().then(() => entered = true);
  first[Symbol.dispose]();
  await settle();
  assertEquals(entered, false);
});

Deno.test("acquire() under load never lets more in than there are permits", async () => {
  const semaphore = new Semaphore(3);
  let inside = 0;
  let most = 0;
  await Promise.all(Array.from({ length: 50 }, async (_, n) => {
    using _permit = await semaphore.acquire();
    most = Math.max(most, ++inside);
    for (let turn = 0; turn < n % 5; turn++) await Promise.resolve();
    inside--;
  }));
  assertEquals([inside, most], [0, 3]);
});

Deno.test("Semaphore refuses to be made without a permit", () => {
  for (const permits of [0, -1, 1.5, NaN]) assertThrows(() => new Semaphore(permits), RangeError, `${permits}`);
});

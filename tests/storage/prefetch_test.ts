import { assertEquals, assertRejects } from "@std/assert";
import { prefetch } from "../../lib/storage/prefetch.ts";

Deno.test("prefetch() gives what was loaded in the order of the items, whichever is ready first", async () => {
  const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const loading = Array.fromAsync(prefetch(gates.keys(), async (item) => {
    await gates[item]?.promise;
    return item;
  }, 3));
  for (const gate of gates.toReversed()) gate.resolve();
  assertEquals(await loading, [0, 1, 2, 3]);
});

Deno.test("prefetch() loads as many items ahead as it is told, and no more", async () => {
  const begun: number[] = [];
  const load = (item: number): Promise<number> => {
    begun.push(item);
    return Promise.resolve(item);
  };
  const loaded = prefetch([0, 1, 2, 3, 4, 5], load, 2);
  assertEquals(begun, []);
  await loaded.next();
  assertEquals(begun, [0, 1, 2]);
  await loaded.next();
  assertEquals(begun, [0, 1, 2, 3]);
  await loaded.return();
});

Deno.test("prefetch() throws a failed load in its place, and waits for the loads behind it", async () => {
  let finished = 0;
  const load = async (item: number): Promise<number> => {
    await Promise.resolve();
    if (item === 1) throw new Error("no such item");
    finished++;
    return item;
  };
  const loaded = prefetch([0, 1, 2, 3], load, 3);
  assertEquals((await loaded.next()).value, 0);
  await assertRejects(() => loaded.next(), Error, "no such item");
  assertEquals(finished, 3);
});

Deno.test("prefetch() throws what the items throw", async () => {
  function* items(): Generator<number> {
    yield 1;
    throw new Error("no more items");
  }
  await assertRejects(() => Array.fromAsync(prefetch(items(), (item) => Promise.resolve(item), 2)), Error, "no more");
});

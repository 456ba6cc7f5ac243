import { assert, assertEquals } from "@std/assert";
import { BufferPool } from "../../lib/network/buffer_pool.ts";

Deno.test("BufferPool lends a buffer again only when it was given back, and keeps no more than it may", () => {
  const pool = new BufferPool(8, 1);
  const [first, second] = [pool.take(), pool.take()];
  assert(first !== second);
  assertEquals(first.length, 8);
  pool.give(first);
  pool.give(second);
  assert(pool.take() === first);
  const third = pool.take();
  assert(third !== first && third !== second);
});

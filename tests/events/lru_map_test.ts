import { assertEquals } from "@std/assert";
import { LruMap } from "../../lib/events/lru_map.ts";

Deno.test("LruMap forgets what was not set for longest", () => {
  const map = new LruMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.set("a", 3);
  map.set("c", 4);
  assertEquals(map.entries(), [["a", 3], ["c", 4]]);
  assertEquals(map.values(), [3, 4]);
  assertEquals([map.get("a"), map.get("b")], [3, undefined]);
});

import { assertEquals, assertNotEquals } from "@std/assert";
import { SlotList } from "../../lib/network/slot_list.ts";

Deno.test("SlotList holds what was added and not deleted", () => {
  const list = new SlotList<{ name: string }>();
  const [a, b, c] = ["a", "b", "c"].map((name) => list.add({ name }));
  assertEquals(new Set([a, b, c]).size, 3);
  list.delete(b!);
  assertEquals([[...list].map(({ name }) => name), list.size], [["a", "c"], 2]);
  list.delete(a!);
  list.delete(c!);
  assertEquals([[...list], list.size], [[], 0]);
});

Deno.test("SlotList gives freed slots to others, and never one that is taken", () => {
  const list = new SlotList<{ id: number }>();
  const slots = new Map<number, number>();
  for (let id = 0; id < 1000; id++) {
    const slot = list.add({ id });
    assertEquals([...slots.values()].includes(slot), false);
    slots.set(id, slot);
    const leaving = id - id % 7;
    if (id % 7 > 2 && slots.has(leaving)) {
      list.delete(slots.get(leaving)!);
      slots.delete(leaving);
    }
  }
  assertEquals([...list].map(({ id }) => id).sort((a, b) => a - b), [...slots.keys()]);
  assertNotEquals(Math.max(...slots.values()), 999);
});

Deno.test("SlotList bears members that leave while it is walked", () => {
  const list = new SlotList<{ id: number }>();
  const slots = [0, 1, 2].map((id) => list.add({ id }));
  const seen: number[] = [];
  for (const { id } of list) {
    seen.push(id);
    if (id === 0) list.delete(slots[1]!);
  }
  assertEquals(seen, [0, 2]);
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { EventQueue } from "../../lib/events/mod.ts";

function popAll<T extends NonNullable<unknown>>(queue: EventQueue<T>): T[] {
  const values: T[] = [];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) values.push(value);
  return values;
}

Deno.test("pop() gives the highest priority first, and first in first out within one", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 31 }), { maxLength: 200 }), (priorities) => {
    const queue = new EventQueue<{ priority: number; at: number }>({ capacity: 200, priorities: 32 });
    const items = priorities.map((priority, at) => ({ priority, at }));
    for (const item of items) assertEquals(queue.push(item, item.priority), "queued");
    assertEquals(queue.size, items.length);
    assertEquals(popAll(queue), items.toSorted((a, b) => b.priority - a.priority || a.at - b.at));
  }));
});

Deno.test("push() and pop() in any order do what a sorted list does", () => {
  const step = fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 3 }));
  fc.assert(fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
    const queue = new EventQueue<{ priority: number; at: number }>({ capacity: 300, priorities: 4 });
    const model: { priority: number; at: number }[] = [];
    steps.forEach((priority, at) => {
      if (priority === undefined) {
        model.sort((a, b) => b.priority - a.priority || a.at - b.at);
        assertEquals(queue.pop(), model.shift());
      } else {
        queue.push({ priority, at }, priority);
        model.push({ priority, at });
      }
    });
    assertEquals(queue.size, model.length);
  }));
});

Deno.test("push() with wait holds producers up until there is room, the highest priority first", async () => {
  const queue = new EventQueue<string>({ capacity: 2, priorities: 2 });
  assertEquals([queue.push("a"), queue.push("b")], ["queued", "queued"]);
  const order: string[] = [];
  const waiting = [
    Promise.resolve(queue.push("c")).then((outcome) => order.push(`c ${outcome}`)),
    Promise.resolve(queue.push("d", 1)).then((outcome) => order.push(`d ${outcome}`)),
    Promise.resolve(queue.push("e")).then((outcome) => order.push(`e ${outcome}`)),
  ];
  assertEquals(queue.size, 2);
  assertEquals(queue.pop(), "a");
  await waiting[1];
  assertEquals(order, ["d queued"]);
  assertEquals(popAll(queue), ["d", "b", "c", "e"]);
  await Promise.all(waiting);
  assertEquals(order, ["d queued", "c queued", "e queued"]);
});

Deno.test("push() with drop-oldest makes room at the lowest priority, but never for a lower one", () => {
  const queue = new EventQueue<string>({ capacity: 3, priorities: 3, overflow: "drop-oldest" });
  queue.push("low 1", 0);
  queue.push("low 2", 0);
  queue.push("high", 2);
  assertEquals(queue.push("middle", 1), "queued");
  assertEquals(queue.push("middle 2", 1), "queued");
  assertEquals(queue.push("low 3", 0), "dropped");
  assertEquals(queue.push("middle 3", 1), "queued");
  assertEquals(queue.dropped, 4);
  assertEquals(popAll(queue), ["high", "middle 2", "middle 3"]);
});

Deno.test("push() with drop-newest drops the new value", () => {
  const queue = new EventQueue<string>({ capacity: 2, overflow: "drop-newest" });
  assertEquals(["a", "b", "c"].map((value) => queue.push(value)), ["queued", "queued", "dropped"]);
  assertEquals(queue.dropped, 1);
  assertEquals(popAll(queue), ["a", "b"]);
});

Deno.test("push() with reject tells the producer", () => {
  const queue = new EventQueue<string>({ capacity: 1, overflow: "reject" });
  assertEquals(["a", "b"].map((value) => queue.push(value)), ["queued", "full"]);
  assertEquals(queue.dropped, 0);
  assertEquals(popAll(queue), ["a"]);
  assertEquals(queue.push("c"), "queued");
});

Deno.test("take() waits for a value, and several consumers are served in the order they came", async () => {
  const queue = new EventQueue<number>({ capacity: 4 });
  const taken = [queue.take(), queue.take()];
  assertEquals([queue.push(1), queue.push(2), queue.push(3)], ["queued", "queued", "queued"]);
  assertEquals(await Promise.all(taken), [1, 2]);
  assertEquals(await queue.take(), 3);
});

Deno.test("the iterator gives everything and ends when the queue is closed and empty", async () => {
  const queue = new EventQueue<number>({ capacity: 2 });
  const consumer = Array.fromAsync(queue);
  const outcomes: string[] = [];
  for (let i = 0; i < 1000; i++) outcomes.push(await queue.push(i));
  await queue.drain();
  assertEquals(await consumer, Array.from({ length: 1000 }, (_, i) => i));
  assert(outcomes.every((outcome) => outcome === "queued"));
});

Deno.test("close() leaves what is queued, refuses what comes and releases whoever waits", async () => {
  const queue = new EventQueue<string>({ capacity: 1 });
  queue.push("a");
  const producer = queue.push("b");
  const drained = queue.drain();
  assertEquals(await producer, "closed");
  assertEquals(queue.push("c"), "closed");
  assertEquals(await queue.take(), "a");
  await drained;
  assertEquals(await queue.take(), undefined);

  const empty = new EventQueue<string>({ capacity: 1 });
  const consumer = empty.take();
  empty.close();
  empty.close();
  assertEquals(await consumer, undefined);
  await empty.drain();
});

Deno.test("EventQueue refuses sizes and priorities that make no sense", () => {
  for (const capacity of [0, -1, 1.5, NaN]) assertThrows(() => new EventQueue({ capacity }), RangeError);
  for (const priorities of [0, 33, 1.5]) assertThrows(() => new EventQueue({ capacity: 1, priorities }), RangeError);
  const queue = new EventQueue<string>({ capacity: 9, priorities: 2 });
  for (const priority of [-1, 2, 0.5, NaN]) assertThrows(() => queue.push("x", priority), RangeError);
});

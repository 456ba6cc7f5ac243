import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { startEventSystem } from "../../lib/app/event_system.ts";
import type { Component } from "../../lib/events/mod.ts";

/** A component that notes what becomes of it. */
function noting(name: string, notes: string[]): Component {
  return {
    name,
    start: (bus) => void bus.on("sync.failed", ({ detail }) => void notes.push(`${name} hears ${detail.error}`)),
    stop: () => void notes.push(`${name} stops`),
  };
}

Deno.test("startEventSystem() starts components and stops them in the reverse order", async () => {
  const notes: string[] = [];
  {
    await using system = await startEventSystem({ name: "test", components: [noting("a", notes), noting("b", notes)] });
    assertEquals(system.components.names, ["a", "b"]);
    system.events.emit("sync.failed", { space: "s", error: "it" });
  }
  assertEquals(notes, ["a hears it", "b hears it", "b stops", "a stops"]);
});

Deno.test("startEventSystem() gives every run an origin of its own", async () => {
  await using one = await startEventSystem({ name: "test", components: [] });
  await using other = await startEventSystem({ name: "test", components: [] });
  assertNotEquals(one.events.origin, other.events.origin);
});

Deno.test("startEventSystem() leaves nothing running if a component cannot start", async () => {
  const notes: string[] = [];
  const broken: Component = { name: "broken", start: () => Promise.reject(new Error("no disk")), stop: () => {} };
  const components = [noting("a", notes), broken];
  await assertRejects(() => startEventSystem({ name: "test", components }), Error, "no disk");
  assertEquals(notes, ["a stops"]);
});

Deno.test("what a worker says last is heard by the one that outlives it", async () => {
  const notes: string[] = [];
  const channel = crypto.randomUUID();
  await using _main = await startEventSystem({
    name: "main",
    components: [noting("main", notes)],
    channel,
    outlivesOthers: true,
  });
  {
    await using worker = await startEventSystem({ name: "worker", components: [], channel });
    worker.events.emit("sync.failed", { space: "s", error: "the last word" });
  }
  assertEquals(notes, ["main hears the last word"]);
});

Deno.test("a component that cannot finish is told of when the system ends, and keeps no other from stopping", async () => {
  const notes: string[] = [];
  const broken: Component = { name: "broken", start: () => {}, stop: () => Promise.reject(new Error("full")) };
  const system = await startEventSystem({ name: "test", components: [noting("a", notes), broken] });
  await assertRejects(() => system[Symbol.asyncDispose](), Error, "full");
  assertEquals(notes, ["a stops"]);
});

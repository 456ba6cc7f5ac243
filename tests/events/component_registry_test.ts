import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Component, ComponentRegistry, EventBus } from "../../lib/events/mod.ts";

function recording(name: string, calls: string[], failing?: "start" | "stop"): Component {
  const call = (what: "start" | "stop") => {
    calls.push(`${what} ${name}`);
    if (what === failing) throw new Error(name);
  };
  return { name, start: () => call("start"), stop: async () => await Promise.resolve().then(() => call("stop")) };
}

Deno.test("ComponentRegistry starts in order and stops in the reverse order, each once", async () => {
  const calls: string[] = [];
  {
    await using components = new ComponentRegistry(new EventBus());
    for (const name of ["a", "b", "c"]) components.add(recording(name, calls));
    assertEquals(components.names, ["a", "b", "c"]);
    assertEquals(components.get("b")?.name, "b");
    assert((await components.start()).ok);
    assert((await components.start()).ok);
    assertThrows(() => components.add(recording("a", calls)), RangeError);
  }
  assertEquals(calls, ["start a", "start b", "start c", "stop c", "stop b", "stop a"]);
});

Deno.test("ComponentRegistry stops what runs when one fails to start", async () => {
  const calls: string[] = [];
  const components = new ComponentRegistry(new EventBus());
  components.add(recording("a", calls));
  components.add(recording("b", calls, "start"));
  components.add(recording("c", calls));
  const started = await components.start();
  assert(!started.ok);
  assertEquals([started.error.component, started.error.during], ["b", "start"]);
  assertEquals(calls, ["start a", "start b", "stop a"]);
});

Deno.test("ComponentRegistry stops all, also when one fails", async () => {
  const calls: string[] = [];
  const components = new ComponentRegistry(new EventBus());
  components.add(recording("a", calls));
  components.add(recording("b", calls, "stop"));
  await components.start();
  const errors = await components.stop();
  assertEquals(errors.map(({ component, during }) => `${during} ${component}`), ["stop b"]);
  assertEquals(calls, ["start a", "start b", "stop b", "stop a"]);
});

Deno.test("a component is tied to the others by the bus alone", async () => {
  const bus = new EventBus();
  const heard: string[] = [];
  await using components = new ComponentRegistry(bus);
  components.add({
    name: "listener",
    start: (bus) => void bus.on("server.*", (event) => void heard.push(event.type)),
    stop: () => {},
  });
  await components.start();
  bus.emit("server.stopping", { reason: "test" });
  assertEquals(heard, ["server.stopping"]);
});

import { assert, assertEquals } from "@std/assert";
import {
  type AnyEvent,
  bridgeAcknowledgeMs,
  bridgeBatchEventsMax,
  bridgeWorkers,
  EventBus,
} from "../../lib/events/mod.ts";
import { FakeTime } from "./fakes.ts";

const failed = (error: string) => ({ space: "s", error });

Deno.test("bridgeWorkers() brings each event to all others once, in the order of its origin", async () => {
  const channel = crypto.randomUUID();
  const buses = ["a", "b", "c"].map((origin) => new EventBus({ origin }));
  using stack = new DisposableStack();
  for (const bus of buses) stack.use(bridgeWorkers(bus, { channel }));
  const seen = buses.map((bus) => {
    const events: AnyEvent[] = [];
    bus.on("sync.failed", (event) => void events.push(event));
    return events;
  });
  const count = bridgeBatchEventsMax * 2 + 10;
  const complete = buses.map((bus) => {
    let left = buses.length;
    return bus.waitFor("server.stopping", { filter: () => --left === 0 });
  });
  for (let i = 0; i < count; i++) for (const bus of buses) bus.emit("sync.failed", failed(`${bus.origin} ${i}`));
  for (const bus of buses) bus.emit("server.stopping", { reason: "end of the test" });
  await Promise.all(complete);
  const expected = (origin: string) => Array.from({ length: count }, (_, i) => `${origin} ${i}`);
  for (const events of seen) {
    assertEquals(events.length, 3 * count);
    for (const origin of ["a", "b", "c"]) {
      const own = events.filter((event) => event.origin === origin);
      assertEquals(own.map(({ detail }) => "error" in detail && detail.error), expected(origin));
    }
  }
});

Deno.test("bridgeWorkers() joins real workers", async () => {
  const channel = crypto.randomUUID();
  const bus = new EventBus({ origin: "main" });
  using _bridge = bridgeWorkers(bus, { channel });
  let starting = 2;
  const started = bus.waitFor("server.started", { filter: () => --starting === 0 });
  const workers = ["w1", "w2"].map((origin) =>
    new Worker(import.meta.resolve(`./worker_bridge_worker.ts?channel=${channel}&origin=${origin}`), { type: "module" })
  );
  assert((await started).ok);

  const answers: string[] = [];
  let left = 4;
  const all = bus.waitFor("sync.failed", { filter: () => --left === 0 });
  bus.on("sync.failed", ({ origin, detail }) => void answers.push(`${origin}: ${detail.error}`));
  bus.emit("sync.started", { space: "one", direction: "push" });
  bus.emit("sync.started", { space: "two", direction: "push" });
  const last = await all;
  assert(last.ok);
  assertEquals(answers.filter((text) => text.startsWith("w1")), ["w1: one", "w1: two"]);
  assertEquals(answers.filter((text) => text.startsWith("w2")), ["w2: one", "w2: two"]);
  for (const worker of workers) worker.terminate();
});

Deno.test("bridgeWorkers() sends also where one bridge follows another at once", async () => {
  for (let turns = 0; turns < 20; turns++) {
    const channel = crypto.randomUUID();
    bridgeWorkers(new EventBus({ origin: "before" }), { channel })[Symbol.dispose]();
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    const bus = new EventBus({ origin: "main" });
    using bridge = bridgeWorkers(bus, { channel });
    for (let sent = 0; sent < 5; sent++) {
      bus.emit("sync.failed", failed(`${sent}`));
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    using _other = bridgeWorkers(new EventBus({ origin: "other" }), { channel, acknowledges: true });
    assert(await bridge.delivered());
  }
});

Deno.test("bridgeWorkers() sends only what it is told to, and what is left when it ends", async () => {
  const channel = crypto.randomUUID();
  const [from, to] = [new EventBus({ origin: "from" }), new EventBus({ origin: "to" })];
  using _receiver = bridgeWorkers(to, { channel });
  const types: string[] = [];
  to.on("*", ({ type }) => void types.push(type));
  const stopping = to.waitFor("server.stopping");
  {
    using _sender = bridgeWorkers(from, { channel, patterns: ["sync.*", "server.*"] });
    from.emit("file.deleted", { space: "s", path: "p", revision: 1 });
    from.emit("sync.failed", failed("x"));
    from.emit("server.stopping", { reason: "end" });
  }
  assert((await stopping).ok);
  assertEquals(types, ["sync.failed", "server.stopping"]);
});

Deno.test("bridgeWorkers() ignores messages that are no events, and events that come again", async () => {
  const name = crypto.randomUUID();
  const bus = new EventBus({ origin: "main" });
  using _bridge = bridgeWorkers(bus, { channel: name });
  const seen: number[] = [];
  bus.on("sync.failed", ({ id }) => void seen.push(id));
  const stopping = bus.waitFor("server.stopping");
  const channel = new BroadcastChannel(name);
  const event = { type: "sync.failed", id: 5, time: 1, origin: "other", detail: failed("x") };
  channel.postMessage("nonsense");
  channel.postMessage([null, { type: "sync.failed" }, { ...event, detail: {} }]);
  channel.postMessage([event, event, { ...event, id: 4 }, { ...event, id: 6 }]);
  channel.postMessage([{ ...event, type: "server.stopping", id: 7, detail: { reason: "end" } }]);
  assert((await stopping).ok);
  channel.close();
  assertEquals(seen, [5, 6]);
});

Deno.test("bridgeWorkers() never sends on what came from elsewhere", async () => {
  const name = crypto.randomUUID();
  const bus = new EventBus({ origin: "main" });
  using _bridge = bridgeWorkers(bus, { channel: name });
  const channel = new BroadcastChannel(name);
  const sent = new Promise((resolve) => {
    channel.onmessage = ({ data }) => resolve(data);
  });
  bus.relay({ type: "sync.failed", id: 1, time: 1, origin: "other", detail: failed("x") });
  bus.emit("sync.failed", failed("own"));
  const events = await sent;
  assert(Array.isArray(events));
  assertEquals(events.map(({ origin, detail }) => `${origin} ${detail.error}`), ["main own"]);
  channel.close();
});

Deno.test("delivered() waits until the worker that acknowledges has everything", async () => {
  const channel = crypto.randomUUID();
  const [from, to] = [new EventBus({ origin: "from" }), new EventBus({ origin: "to" })];
  using _receiver = bridgeWorkers(to, { channel, acknowledges: true });
  using sender = bridgeWorkers(from, { channel });
  const heard: number[] = [];
  to.on("sync.failed", ({ id }) => void heard.push(id));
  from.emit("sync.failed", failed("first"));
  from.emit("sync.failed", failed("last"));
  assertEquals(await sender.delivered(), true);
  assertEquals(heard, [1, 2]);
});

Deno.test("delivered() does not wait for ever for a worker that is gone", async () => {
  const time = new FakeTime();
  using sender = bridgeWorkers(new EventBus(), { channel: crypto.randomUUID(), timers: time });
  const delivered = sender.delivered();
  time.pass(bridgeAcknowledgeMs);
  assertEquals(await delivered, false);
});

import { assert, assertEquals, assertFalse, assertStringIncludes, assertThrows } from "@std/assert";
import { type AnyEvent, batchEventsMax, deferredEventsMax, EventBus } from "../../lib/events/mod.ts";
import { FakeTime } from "./fakes.ts";

const completed = { space: "default", revision: 7, durationMs: 12 };

function fakeBus(): { time: FakeTime; bus: EventBus } {
  const time = new FakeTime();
  return { time, bus: new EventBus({ origin: "test", clock: time, timers: time }) };
}

Deno.test("emit() hands the handler the event with type, id, time, origin and detail", () => {
  const { time, bus } = fakeBus();
  const seen: AnyEvent[] = [];
  bus.on("sync.completed", (event) => void seen.push(event));
  bus.emit("sync.completed", completed);
  time.pass(5);
  bus.emit("sync.completed", { ...completed, client: "laptop", session: "s1" });
  const start = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  assertEquals(seen, [
    { type: "sync.completed", id: 1, time: start, origin: "test", detail: completed },
    {
      type: "sync.completed",
      id: 2,
      time: start + 5,
      origin: "test",
      detail: { ...completed, client: "laptop", session: "s1" },
    },
  ]);
});

Deno.test("emit() does not compile with a wrong payload, nor on() with a wrong handler", () => {
  const bus = new EventBus();
  const neverCalled = (): void => {
    // @ts-expect-error: the revision is missing
    bus.emit("sync.completed", { space: "default", durationMs: 1 });
    // @ts-expect-error: the revision is a number
    bus.emit("sync.completed", { space: "default", revision: "7", durationMs: 1 });
    // @ts-expect-error: no event has this name
    bus.emit("sync.finished", completed);
    // @ts-expect-error: the event has no such field
    bus.emit("sync.completed", { ...completed, colour: "red" });
    // @ts-expect-error: the kind is one of three words
    bus.emit("file.added", { space: "s", path: "p", kind: "socket", size: 1, revision: 1 });
    // @ts-expect-error: this event carries no revision
    bus.on("client.registered", (event) => event.detail.revision);
    // @ts-expect-error: no event matches this pattern
    bus.on("files.*", () => {});
    // @ts-expect-error: not every event of the group has a kind
    bus.on("file.*", (event) => event.detail.kind);
    bus.on("*", (event) => {
      if (event.type === "commit.applied") event.detail.added satisfies number;
      // @ts-expect-error: only some events have a revision
      event.detail.revision;
    });
  };
  assertEquals(typeof neverCalled, "function");
});

Deno.test("on() calls by priority, then in the order of subscription, patterns and types alike", () => {
  const { bus } = fakeBus();
  const calls: string[] = [];
  bus.on("*", () => void calls.push("all 0"));
  bus.on("file.deleted", () => void calls.push("type 0"));
  bus.on("file.*", () => void calls.push("group 5"), { priority: 5 });
  bus.on("file.deleted", () => void calls.push("type -1"), { priority: -1 });
  bus.on("*", () => void calls.push("all 5"), { priority: 5 });
  bus.on("sync.*", () => void calls.push("other group"));
  bus.emit("file.deleted", { space: "s", path: "p", revision: 1 });
  assertEquals(calls, ["group 5", "all 5", "all 0", "type 0", "type -1"]);
});

Deno.test("on() with a filter calls for what it lets through", () => {
  const { bus } = fakeBus();
  const seen: number[] = [];
  bus.on("sync.completed", (event) => void seen.push(event.detail.revision), {
    filter: (event) => event.detail.space === "a",
  });
  bus.emit("sync.completed", { ...completed, space: "a", revision: 1 });
  bus.emit("sync.completed", { ...completed, space: "b", revision: 2 });
  assertEquals(seen, [1]);
});

Deno.test("on() with once calls for the first event that passes the filter", () => {
  const { bus } = fakeBus();
  const seen: number[] = [];
  bus.on("sync.completed", (event) => void seen.push(event.detail.revision), {
    once: true,
    filter: (event) => event.detail.revision > 1,
  });
  for (const revision of [1, 2, 3]) bus.emit("sync.completed", { ...completed, revision });
  assertEquals(seen, [2]);
  assertFalse(bus.wants("sync.completed"));
});

Deno.test("on() ends with its Disposable, its signal and its bus", () => {
  const { bus } = fakeBus();
  const abort = new AbortController();
  let calls = 0;
  {
    using _one = bus.on("sync.completed", () => void calls++);
    bus.on("sync.completed", () => void calls++, { signal: abort.signal });
    bus.emit("sync.completed", completed);
    assertEquals(calls, 2);
  }
  bus.emit("sync.completed", completed);
  assertEquals(calls, 3);
  abort.abort();
  assertFalse(bus.wants("sync.completed"));
  bus.on("sync.completed", () => void calls++, { signal: abort.signal });
  assertFalse(bus.wants("sync.completed"), "an aborted signal subscribes nobody");
  bus.on("*", () => void calls++);
  bus[Symbol.dispose]();
  bus.on("*", () => void calls++);
  bus.emit("sync.completed", completed);
  assertEquals(calls, 3);
});

Deno.test("emit() calls nobody who unsubscribed meanwhile, and nobody who subscribed meanwhile", () => {
  const { bus } = fakeBus();
  const calls: string[] = [];
  bus.on("sync.completed", () => {
    calls.push("first");
    second[Symbol.dispose]();
    bus.on("sync.completed", () => void calls.push("late"));
  }, { once: true });
  const second = bus.on("sync.completed", () => void calls.push("second"));
  bus.on("sync.completed", () => void calls.push("third"));
  bus.emit("sync.completed", completed);
  assertEquals(calls, ["first", "third"]);
  bus.emit("sync.completed", completed);
  assertEquals(calls, ["first", "third", "third", "late"]);
});

Deno.test("emit() delivers what handlers emit after the event they were called for, in the order of ids", () => {
  const { bus } = fakeBus();
  const early: number[] = [];
  const late: number[] = [];
  bus.on("*", (event) => void early.push(event.id), { priority: 1 });
  bus.on("sync.started", () => {
    bus.emit("sync.completed", completed);
    bus.emit("sync.failed", { space: "s", error: "x" });
  });
  bus.on("sync.completed", () => bus.emit("file.deleted", { space: "s", path: "p", revision: 1 }));
  bus.on("*", (event) => void late.push(event.id), { priority: -1 });
  bus.emit("sync.started", { space: "s", direction: "push" });
  assertEquals(early, [1, 2, 3, 4]);
  assertEquals(late, [1, 2, 3, 4]);
});

Deno.test("emit() isolates handlers that throw or reject, counts them and tells of them", async () => {
  const { bus } = fakeBus();
  const failures: string[] = [];
  let reached = 0;
  bus.on("bus.handler_failed", (event) => {
    const { handler, error, space, eventId } = event.detail;
    failures.push(`${handler} ${event.detail.event} ${eventId} ${space} ${error}`);
  });
  bus.on("sync.completed", function thrower() {
    throw new TypeError("one");
  });
  bus.on("sync.completed", () => Promise.reject(new Error("two")), { name: "rejecter" });
  bus.on("sync.completed", () => void reached++, {
    name: "filter",
    filter: () => {
      throw "three";
    },
  });
  bus.on("sync.completed", () => void reached++);
  await bus.emitAsync("sync.completed", completed);
  assertEquals(reached, 1);
  assertEquals(failures, [
    "thrower sync.completed 1 default TypeError: one",
    "filter sync.completed 1 default three",
    "rejecter sync.completed 1 default Error: two",
  ]);
  assertEquals(bus.counts.failures, 3);
});

Deno.test("emit() only counts a handler of bus.handler_failed that fails", () => {
  const { bus } = fakeBus();
  bus.on("*", () => {
    throw new Error("always");
  });
  bus.emit("sync.completed", completed);
  assertEquals(bus.counts, { events: 2, failures: 2 });
});

Deno.test("emit() stops handlers that emit without end", () => {
  const { bus } = fakeBus();
  const errors: string[] = [];
  let calls = 0;
  bus.on("sync.completed", () => {
    calls++;
    bus.emit("sync.completed", completed);
  });
  bus.on("bus.handler_failed", (event) => void errors.push(event.detail.error));
  bus.emit("sync.completed", completed);
  assertEquals(calls, deferredEventsMax + 1);
  assertEquals(bus.counts.failures, 1);
  bus.emit("bus.handler_failed", { event: "x", eventId: 1, handler: "h", error: "still alive" });
  assertEquals(errors, ["still alive"]);
});

const revisionsTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

Deno.test("emitAll() tells each handler of everything, in order and with ids of its own", () => {
  const { bus } = fakeBus();
  const seen: (readonly [id: number, revision: number])[] = [];
  const once: number[] = [];
  bus.on("sync.completed", ({ id, detail }) => void seen.push([id, detail.revision]));
  bus.on("sync.*", ({ id }) => void once.push(id), { once: true });
  bus.emit("sync.completed", completed);
  const count = batchEventsMax + 3;
  bus.emitAll("sync.completed", revisionsTo(count), (revision) => ({ ...completed, revision }));
  bus.emit("sync.completed", completed);
  assertEquals(seen, [[1, 7], ...revisionsTo(count).map((revision) => [revision + 1, revision] as const), [
    count + 2,
    7,
  ]]);
  assertEquals(once, [1]);
  assertEquals(bus.counts.events, count + 2);
});

Deno.test("emitAll() makes no payload for who takes batches, or for nobody", () => {
  const { bus } = fakeBus();
  const made: number[] = [];
  const detailOf = (revision: number) => {
    made.push(revision);
    return { ...completed, revision };
  };
  bus.emitAll("sync.completed", revisionsTo(3), detailOf);
  const counts: number[] = [];
  const handler = () => assert(false, "called for one event of a batch");
  bus.on("sync.*", handler, { batch: (batch) => void counts.push(batch.count) });
  bus.emitAll("sync.completed", revisionsTo(batchEventsMax + 1), detailOf);
  assertEquals([counts, made], [[batchEventsMax, 1], []]);
  const seen: number[] = [];
  bus.on("sync.completed", ({ detail }) => void seen.push(detail.revision));
  bus.on("sync.completed", ({ detail }) => void seen.push(detail.revision));
  bus.emitAll("sync.completed", revisionsTo(2), detailOf);
  assertEquals([seen, made], [[1, 2, 1, 2], [1, 2]]);
  assertThrows(() => bus.on("sync.*", () => {}, { once: true, batch: () => {} }), TypeError);
});

Deno.test("emitAll() isolates who fails, and delivers what handlers emit afterwards", () => {
  const { bus } = fakeBus();
  const ids: number[] = [];
  const failed: unknown[] = [];
  bus.on("bus.handler_failed", ({ detail }) => void failed.push([detail.handler, detail.eventId]));
  bus.on("sync.completed", () => {}, {
    name: "broken",
    batch: () => {
      throw new Error("no batch today");
    },
  });
  bus.on("sync.completed", ({ id }) => {
    ids.push(id);
    if (id === 1) bus.emitAll("sync.completed", [8, 9], (revision) => ({ ...completed, revision }));
  });
  bus.emitAll("sync.completed", [1, 2], (revision) => ({ ...completed, revision }));
  assertEquals(failed, [["broken", 1]]);
  // The failure was told of first, with id 3.
  assertEquals(ids, [1, 2, 4, 5]);
});

Deno.test("emitAsync() waits for all handlers, also when it is called by one", async () => {
  const { bus } = fakeBus();
  const steps: string[] = [];
  const gate = Promise.withResolvers<void>();
  bus.on("sync.started", async () => {
    const nested = bus.emitAsync("sync.completed", completed);
    steps.push("nested emitted");
    await nested;
    steps.push("nested settled");
  });
  bus.on("sync.completed", async () => {
    await gate.promise;
    steps.push("handled");
  });
  const all = bus.emitAsync("sync.started", { space: "s", direction: "push" }).then(() => steps.push("settled"));
  gate.resolve();
  await all;
  assertEquals(steps, ["nested emitted", "handled", "nested settled", "settled"]);
  await bus.emitAsync("file.deleted", { space: "s", path: "p", revision: 1 });
});

Deno.test("waitFor() gives the first event that passes the filter", async () => {
  const { time, bus } = fakeBus();
  const waiting = bus.waitFor("sync.*", {
    filter: (event) => event.type === "sync.failed",
    timeoutMs: 100,
  });
  bus.emit("sync.started", { space: "s", direction: "pull" });
  bus.emit("sync.failed", { space: "s", error: "x" });
  const result = await waiting;
  assert(result.ok);
  assertEquals(result.value.type, "sync.failed");
  assertEquals(time.pending, 0, "the timeout is cancelled");
  assertFalse(bus.wants("sync.failed"), "the subscription has ended");
});

Deno.test("waitFor() ends by timeout, by signal and with the bus", async () => {
  const { time, bus } = fakeBus();
  const abort = new AbortController();
  const timed = bus.waitFor("sync.failed", { timeoutMs: 100 });
  const aborted = bus.waitFor("sync.failed", { signal: abort.signal });
  const closed = bus.waitFor("sync.failed");
  time.pass(99);
  assert(bus.wants("sync.failed"));
  time.pass(1);
  assertEquals(await timed, { ok: false, error: "timeout" });
  abort.abort();
  assertEquals(await aborted, { ok: false, error: "aborted" });
  assertEquals(await bus.waitFor("sync.failed", { signal: abort.signal }), { ok: false, error: "aborted" });
  bus[Symbol.dispose]();
  assertEquals(await closed, { ok: false, error: "closed" });
  assertEquals(await bus.waitFor("sync.failed"), { ok: false, error: "closed" });
});

Deno.test("relay() delivers the events of others as they are, and ignores its own", () => {
  const { bus } = fakeBus();
  const seen: AnyEvent[] = [];
  bus.on("*", (event) => void seen.push(event));
  const event: AnyEvent = { type: "sync.completed", id: 41, time: 5, origin: "other", detail: completed };
  bus.relay(event);
  bus.relay({ ...event, origin: "test" });
  assertEquals(seen, [event]);
});

Deno.test("EventBus refuses an origin that could not stand in an id", () => {
  const error = assertThrows(() => new EventBus({ origin: "a:b" }), RangeError);
  assertStringIncludes(error.message, '"a:b"');
});

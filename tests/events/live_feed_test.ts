import { assert, assertEquals } from "@std/assert";
import type { ServerSentEventMessage } from "@std/http";
import {
  type AnyEvent,
  EventBus,
  eventFromJson,
  type FeedReader,
  type FeedRequest,
  LiveFeed,
  type LiveFeedOptions,
} from "../../lib/events/mod.ts";
import { FakeTime } from "./fakes.ts";

function feedOn(bus: EventBus, options: LiveFeedOptions = {}): LiveFeed {
  const feed = new LiveFeed({ timers: new FakeTime(), ...options });
  feed.start(bus);
  return feed;
}

function open(feed: LiveFeed, request: FeedRequest = {}): FeedReader {
  const opened = feed.open(request);
  assert(opened.ok, JSON.stringify(opened));
  return opened.value;
}

async function next(reader: FeedReader): Promise<ServerSentEventMessage> {
  const result = await reader.next();
  assert(!result.done);
  return result.value;
}

/** Reads `count` events; messages without data are passed over. */
async function read(reader: FeedReader, count: number): Promise<ServerSentEventMessage[]> {
  const messages: ServerSentEventMessage[] = [];
  while (messages.length < count) {
    const message = await next(reader);
    if (message.data !== undefined) messages.push(message);
  }
  return messages;
}

const emit = (bus: EventBus, revision: number, space = "a") =>
  bus.emit("sync.completed", { space, revision, durationMs: 1 });

const revisions = (messages: readonly ServerSentEventMessage[]) =>
  messages.map(({ data }) => data === undefined ? undefined : JSON.parse(data).detail.revision);

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

Deno.test("open() gives events as they happen, each with type, JSON and id", async () => {
  const bus = new EventBus({ origin: "main", clock: new FakeTime(0) });
  const feed = feedOn(bus, { retryMs: 1234 });
  emit(bus, 1);
  const reader = open(feed);
  assertEquals(await next(reader), { comment: "dfs events", retry: 1234, id: "main:1" });
  const waiting = next(reader);
  emit(bus, 2);
  const message = await waiting;
  assertEquals([message.event, message.id], ["sync.completed", "main:2"]);
  const event = eventFromJson(JSON.parse(message.data ?? ""));
  assertEquals(event, {
    ok: true,
    value: {
      type: "sync.completed",
      id: 2,
      time: 0,
      origin: "main",
      detail: { space: "a", revision: 2, durationMs: 1 },
    },
  });
  await reader.return();
});

Deno.test("open() resumes after Last-Event-ID without gap or repeat, wherever it was cut", async () => {
  const bus = new EventBus({ origin: "main" });
  const feed = feedOn(bus);
  for (let cut = 1; cut < 20; cut++) {
    const first = open(feed);
    for (let i = 1; i <= 10; i++) emit(bus, i);
    const before = cut <= 10 ? await read(first, cut) : await read(first, 10);
    const lastEventId = String(before.at(-1)?.id);
    await first.return();
    for (let i = 11; i <= 20; i++) emit(bus, i);
    const second = open(feed, { lastEventId });
    const after = await read(second, 20 - before.length);
    assertEquals(revisions([...before, ...after]), numbers(1, 20));
    await second.return();
  }
  assertEquals(feed.readers, 0);
});

Deno.test("open() resumes within events that came together, also where some of them are forgotten", async () => {
  const bus = new EventBus({ origin: "main" });
  const feed = feedOn(bus, { journalEventsMax: 10 });
  const together = (from: number, to: number) =>
    bus.emitAll("sync.completed", numbers(from, to), (revision) => ({ space: "a", revision, durationMs: 1 }));
  together(1, 4);
  emit(bus, 5);
  together(6, 12);
  for (let id = 2; id < 12; id++) {
    const reader = open(feed, { lastEventId: `main:${id}` });
    assertEquals(revisions(await read(reader, 12 - id)), numbers(id + 1, 12));
    await reader.return();
  }
  const late = open(feed, { lastEventId: "main:1" });
  assertEquals((await read(late, 1))[0]?.event, "feed.gap");
  assertEquals(revisions(await read(late, 10)), numbers(3, 12));
  const waiting = next(late);
  together(13, 14);
  assertEquals(revisions([await waiting, ...await read(late, 1)]), [13, 14]);
  feed.stop();
});

Deno.test("open() resumes at another worker, which has the events mixed differently", async () => {
  const origins = ["w1", "w2"];
  const event = (origin: string, id: number): AnyEvent => ({
    type: "sync.completed",
    id,
    time: 0,
    origin,
    detail: { space: origin, revision: id, durationMs: 1 },
  });
  const [one, two] = origins.map((origin) => new EventBus({ origin: `reader-of-${origin}` }));
  assert(one && two);
  const [feedOne, feedTwo] = [feedOn(one), feedOn(two)];
  const orderOne = [event("w1", 1), event("w1", 2), event("w2", 1), event("w1", 3), event("w2", 2), event("w2", 3)];
  const orderTwo = [event("w2", 1), event("w2", 2), event("w1", 1), event("w2", 3), event("w1", 2), event("w1", 3)];
  const all = orderOne.map(({ origin, id }) => `${origin} ${id}`).sort();
  for (const relayed of orderTwo) two.relay(relayed);
  const reader = open(feedOne);
  for (const relayed of orderOne) one.relay(relayed);
  const messages = await read(reader, 6);
  await reader.return();
  for (let cut = 1; cut < 6; cut++) {
    const before = messages.slice(0, cut);
    const middle = open(feedTwo, { lastEventId: String(before.at(-1)?.id) });
    const between = cut < 5 ? await read(middle, 1) : [];
    await middle.return();
    const lastEventId = String([...before, ...between].at(-1)?.id);
    const end = open(feedOne, { lastEventId });
    const after = await read(end, 6 - before.length - between.length);
    await end.return();
    const seen = [...before, ...between, ...after].map(({ data }) => JSON.parse(data ?? "")).map(({ origin, id }) =>
      `${origin} ${id}`
    );
    assertEquals(seen.sort(), all, `cut after ${cut}`);
  }
});

Deno.test("open() filters by type, by space and by right", async () => {
  const bus = new EventBus({ origin: "main" });
  const feed = feedOn(bus);
  const reader = open(feed, {
    patterns: ["sync.*", "server.started"],
    space: "a",
    allows: (event) => event.type !== "sync.failed",
  });
  bus.emit("file.deleted", { space: "a", path: "p", revision: 1 });
  emit(bus, 1, "b");
  bus.emit("sync.failed", { space: "a", error: "x" });
  bus.emit("server.started", { url: "concerns no space", server: "async", version: "test" });
  emit(bus, 2, "a");
  const [message] = await read(reader, 1);
  assertEquals([message?.event, message?.id], ["sync.completed", "main:5"]);
  await reader.return();
});

Deno.test("the heartbeat keeps readers alive, carries the position and ends with the last reader", async () => {
  const time = new FakeTime();
  const bus = new EventBus({ origin: "main" });
  const feed = feedOn(bus, { timers: time, heartbeatMs: 100 });
  assertEquals(time.pending, 0);
  const reader = open(feed, { patterns: ["file.*"] });
  await next(reader);
  const waiting = next(reader);
  emit(bus, 1);
  await Promise.resolve();
  time.pass(100);
  assertEquals(await waiting, { comment: "heartbeat", id: "main:1" });
  const again = next(reader);
  time.pass(100);
  assertEquals((await again).comment, "heartbeat");
  await reader.return();
  assertEquals(time.pending, 0);
});

Deno.test("a reader that falls behind the journal is told and dropped, the others are not held up", async () => {
  const bus = new EventBus({ origin: "main" });
  const feed = feedOn(bus, { journalEventsMax: 10 });
  const [slow, quick] = [open(feed), open(feed)];
  await next(slow);
  for (let i = 1; i <= 30; i++) {
    emit(bus, i);
    assertEquals(revisions(await read(quick, 1)), [i]);
  }
  assertEquals((await next(slow)).event, "feed.dropped");
  assertEquals(await slow.next(), { done: true, value: undefined });
  assertEquals(feed.readers, 1);
  await quick.return();
});

Deno.test("a slow reader gives up its place at the next heartbeat", async () => {
  const time = new FakeTime();
  const bus = new EventBus({ origin: "main" });
  const feed = feedOn(bus, { timers: time, heartbeatMs: 100, journalEventsMax: 2, readersMax: 1 });
  const slow = open(feed);
  await next(slow);
  for (let i = 1; i <= 5; i++) emit(bus, i);
  const refused = feed.open();
  assert(!refused.ok && refused.error.kind === "too_many_readers");
  time.pass(100);
  assertEquals(feed.readers, 0);
  const other = open(feed);
  assertEquals((await next(slow)).event, "feed.dropped");
  assertEquals((await slow.next()).done, true);
  assertEquals(feed.readers, 1);
  await other.return();
});

Deno.test("a reader that waits while too much comes at once is told of the gap and goes on", async () => {
  const bus = new EventBus({ origin: "main" });
  const feed = feedOn(bus, { journalEventsMax: 10 });
  const reader = open(feed);
  await next(reader);
  const waiting = next(reader);
  for (let i = 1; i <= 30; i++) emit(bus, i);
  assertEquals((await waiting).event, "feed.gap");
  assertEquals(revisions(await read(reader, 10)), numbers(21, 30));
  await reader.return();
});

Deno.test("open() announces what it can no longer give", async () => {
  const bus = new EventBus({ origin: "main" });
  const feed = feedOn(bus, { journalEventsMax: 5 });
  for (let i = 1; i <= 8; i++) emit(bus, i);
  const messagesFrom = async (lastEventId: string, count: number) => {
    const reader = open(feed, { lastEventId });
    const messages = await read(reader, count);
    await reader.return();
    return messages;
  };
  assertEquals(revisions(await messagesFrom("main:3", 5)), numbers(4, 8), "nothing was missed");
  const late = await messagesFrom("main:2", 6);
  assertEquals([late[0]?.event, late[0]?.data], ["feed.gap", '{"from":"main:2"}']);
  assertEquals(revisions(late.slice(1)), numbers(4, 8));
  const restarted = await messagesFrom("earlier-run:70", 6);
  assertEquals(restarted.map(({ event }) => event).slice(0, 2), ["feed.gap", "sync.completed"]);
  assertEquals(restarted.at(-1)?.id, "main:8", "an origin of an earlier run is not passed on");
});

Deno.test("open() refuses a Last-Event-ID that is none of its own", () => {
  const feed = feedOn(new EventBus());
  for (
    const lastEventId of [
      "1",
      "main:",
      "main:-1",
      "main:01",
      "main:99999999999999999",
      "a b:1",
      "x".repeat(9000),
      "main:1,",
    ]
  ) {
    const opened = feed.open({ lastEventId });
    assert(!opened.ok && opened.error.kind === "bad_last_event_id", lastEventId);
  }
  assertEquals(feed.readers, 0);
});

Deno.test("reading ends with return(), with the signal and with the feed", async () => {
  const bus = new EventBus({ origin: "main" });
  const time = new FakeTime();
  const feed = feedOn(bus, { timers: time });
  const abort = new AbortController();
  const [returned, aborted, waiting, behind] = [
    open(feed),
    open(feed, { signal: abort.signal }),
    open(feed),
    open(feed),
  ];
  for (const reader of [returned, aborted, waiting]) await next(reader);
  const pending = [returned, aborted, waiting].map((reader) => reader.next());
  await returned.return();
  abort.abort();
  assertEquals(feed.readers, 2);
  emit(bus, 1);
  feed.stop();
  assertEquals((await Promise.all(pending)).map(({ done }) => done), [true, true, false]);
  assertEquals((await waiting.next()).done, true);
  assertEquals(revisions(await Array.fromAsync(behind)), [undefined, 1]);
  assertEquals([feed.readers, time.pending], [0, 0]);
  const late = feed.open();
  assert(!late.ok && late.error.kind === "stopped");
  open(feedOn(bus), { signal: abort.signal });
});

Deno.test("a thousand readers are given a thousand events each, in order, none lost", async () => {
  const bus = new EventBus({ origin: "main" });
  const feed = feedOn(bus, { journalEventsMax: 100 });
  const count = 1000;
  const readers = Array.from({ length: count }, () => open(feed));
  let received = 0;
  let caughtUp = Promise.withResolvers<void>();
  const all = readers.map(async (reader) => {
    let last = 0;
    for await (const { data, event, id } of reader) {
      if (data === undefined) continue;
      assertEquals(event, "sync.completed");
      assertEquals(id, `main:${++last}`);
      if (++received % (50 * count) === 0) caughtUp.resolve();
      if (last === count) break;
    }
    return last;
  });
  // The journal is a tenth as long as what passes through it: what the readers hold does not grow with the feed.
  for (let i = 1; i <= count; i++) {
    emit(bus, i);
    if (i % 50 > 0) continue;
    await caughtUp.promise;
    caughtUp = Promise.withResolvers();
  }
  assertEquals(await Promise.all(all), new Array(count).fill(count));
  assertEquals(feed.readers, 0);
});

Deno.test("open() without following ends when all that is held was given", async () => {
  const bus = new EventBus({ origin: "main" });
  const feed = feedOn(bus);
  emit(bus, 1);
  emit(bus, 2);
  const reader = open(feed, { lastEventId: "", follow: false });
  emit(bus, 3);
  const messages = await Array.fromAsync(reader);
  assertEquals(messages.slice(1).map(({ id }) => id), ["main:1", "main:2", "main:3"]);
  assertEquals(feed.readers, 0);
});

Deno.test("the feed ends when the server stops: that is the last every reader is told", async () => {
  const bus = new EventBus({ origin: "main" });
  const feed = feedOn(bus);
  const [busy, waiting] = [open(feed), open(feed)];
  await next(waiting);
  const last = next(waiting);
  emit(bus, 1);
  bus.emit("server.stopping", { reason: "SIGTERM" });
  assertEquals((await last).event, "sync.completed");
  assertEquals((await Array.fromAsync(waiting)).map(({ event }) => event), ["server.stopping"]);
  assertEquals((await Array.fromAsync(busy)).map(({ event }) => event), [
    undefined,
    "sync.completed",
    "server.stopping",
  ]);
  assertEquals(feed.open().ok, false);
});

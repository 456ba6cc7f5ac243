import { systemClock } from "../lib/core/mod.ts";
import {
  EventBus,
  EventLogger,
  EventMetrics,
  EventQueue,
  type FeedReader,
  formatLogJson,
  LiveFeed,
  Logger,
  MetricsRegistry,
} from "../lib/events/mod.ts";

const detail = { space: "default", revision: 7, durationMs: 12 };
const type = "sync.completed";
let sum = 0;

function baseline(listeners: number): EventTarget {
  const target = new EventTarget();
  for (let i = 0; i < listeners; i++) {
    target.addEventListener(type, (event: Event & { readonly detail?: typeof detail }) => {
      sum += event.detail!.revision;
    });
  }
  return target;
}

function busWith(bus: EventBus, handlers: number): EventBus {
  for (let i = 0; i < handlers; i++) {
    bus.on(type, (event) => {
      sum += event.detail.revision;
    });
  }
  return bus;
}

for (const handlers of [1, 10]) {
  const group = `emit to ${handlers}`;
  const target = baseline(handlers);
  const bus = busWith(new EventBus(), handlers);
  const exact = busWith(new EventBus({ clock: systemClock }), handlers);
  Deno.bench(`EventTarget.dispatchEvent(new CustomEvent()) to ${handlers}`, { group, baseline: true }, () => {
    target.dispatchEvent(new CustomEvent(type, { detail }));
  });
  Deno.bench(`EventBus.emit() to ${handlers}`, { group }, () => bus.emit(type, detail));
  Deno.bench(`EventBus.emit() to ${handlers}, the clock read every time`, { group }, () => exact.emit(type, detail));
}

{
  const group = "nobody subscribed";
  const target = new EventTarget();
  const bus = new EventBus();
  Deno.bench("EventTarget.dispatchEvent(new CustomEvent()) to none", { group, baseline: true }, () => {
    target.dispatchEvent(new CustomEvent(type, { detail }));
  });
  Deno.bench("EventBus.emit() to none", { group }, () => bus.emit(type, detail));
}

{
  const group = "queue, push and pop with 100 values in it";
  const array: (typeof detail)[] = [];
  const one = new EventQueue<typeof detail>({ capacity: 1024 });
  const four = new EventQueue<typeof detail>({ capacity: 1024, priorities: 4 });
  for (let i = 0; i < 100; i++) {
    array.push(detail);
    one.push(detail);
    four.push(detail, i & 3);
  }
  let turn = 0;
  Deno.bench("Array.push() and shift()", { group, baseline: true }, () => {
    array.push(detail);
    array.shift();
  });
  Deno.bench("EventQueue, no priorities", { group }, () => {
    one.push(detail);
    one.pop();
  });
  Deno.bench("EventQueue, four priorities", { group }, () => {
    four.push(detail, turn++ & 3);
    four.pop();
  });
}

/** What a push of 18,000 small files says: an event a file and an event a chunk. */
function emitPush(bus: EventBus): void {
  for (let i = 0; i < 18_000; i++) {
    bus.emit("upload.chunk_received", { hash: "0".repeat(64), size: 4096 });
    bus.emit("file.added", { space: "default", path: `folder/file ${i}.txt`, kind: "file", size: 4096, revision: 1 });
  }
  bus.emit("commit.applied", {
    space: "default",
    revision: 1,
    added: 18_000,
    modified: 0,
    deleted: 0,
    bytes: 73_728_000,
  });
}

{
  const group = "the events of a push of 18,000 files";
  const discard = { write: () => {}, flush: () => Promise.resolve(), [Symbol.asyncDispose]: () => Promise.resolve() };
  const quiet = new EventBus();
  const counted = new EventBus();
  const logger = new Logger({ clock: systemClock, outputs: [{ format: formatLogJson, sink: discard }] });
  new EventLogger(logger).start(counted);
  new EventMetrics(new MetricsRegistry()).start(counted);
  Deno.bench("nobody subscribed", { group, baseline: true }, () => emitPush(quiet));
  Deno.bench("logger at level info, and metrics", { group }, () => emitPush(counted));
}

{
  const group = "the live feed, 100 events to each of 1,000 readers";
  const messages = Array.from({ length: 1000 }, () => ({ done: false, value: { data: "x" } }));
  Deno.bench("100,000 promises of one message each", { group, baseline: true }, async () => {
    await Promise.all(messages.map(async (message) => {
      for (let i = 0; i < 100; i++) sum += Number((await Promise.resolve(message)).done);
    }));
  });
  Deno.bench("LiveFeed", { group }, async () => {
    const bus = new EventBus();
    const feed = new LiveFeed();
    feed.start(bus);
    const reading = Array.from({ length: 1000 }, async () => {
      const opened = feed.open();
      if (opened.ok) await readEvents(opened.value, 100);
    });
    for (let i = 0; i < 100; i++) bus.emit(type, detail);
    await Promise.all(reading);
    feed.stop();
  });
}

async function readEvents(reader: FeedReader, count: number): Promise<void> {
  let left = count;
  for await (const { data } of reader) {
    if (data !== undefined && --left === 0) return;
  }
}

import { systemClock } from "../lib/core/mod.ts";
import { EventBus } from "../lib/events/event_bus.ts";
import { EventQueue } from "../lib/events/event_queue.ts";

const detail = { space: "default", revision: 7, durationMs: 12 };
const type = "sync.completed";
let sum = 0;

function baseline(listeners: number): EventTarget {
  const target = new EventTarget();
  for (let i = 0; i < listeners; i++) {
    target.addEventListener(type, (event) => {
      if (event instanceof CustomEvent) sum += event.detail.revision;
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

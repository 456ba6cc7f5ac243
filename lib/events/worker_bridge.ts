import type { EventBus } from "./event_bus.ts";
import { isEvent } from "./event_check.ts";
import type { EventPattern } from "./event_pattern.ts";
import type { DfsEvent } from "./event_types.ts";

/** The most events that travel in one message. */
export const bridgeBatchEventsMax = 512;

/** Options of {@linkcode bridgeWorkers}. */
export interface BridgeOptions {
  /** Name of the channel; the same in all workers of one program. */
  readonly channel: string;
  /** Which events to send to the others; all unless told. */
  readonly patterns?: readonly EventPattern[];
}

/**
 * Joins the bus of a worker to those of all other workers: what is emitted on one is delivered on all.
 *
 * Each event arrives once, and those of one origin in the order they were emitted: a channel keeps the order of each
 * sender and does not echo, an event that came from elsewhere is never sent on, and an id that was seen already, or is
 * older, is not delivered again. Every bus needs an origin of its own. What is emitted before the program waits for
 * something travels in one message.
 *
 * @returns Disposing of it sends what is left and leaves the channel.
 */
export function bridgeWorkers(bus: EventBus, options: BridgeOptions): Disposable {
  const channel = new BroadcastChannel(options.channel);
  const lastSeen = new Map<string, number>();
  let batch: DfsEvent[] = [];

  const send = () => {
    if (batch.length === 0) return;
    const events = batch;
    batch = [];
    channel.postMessage(events);
  };
  const collect = (event: DfsEvent) => {
    if (event.origin !== bus.origin) return;
    if (batch.length === 0) queueMicrotask(send);
    batch.push(event);
    if (batch.length >= bridgeBatchEventsMax) send();
  };
  const receive = ({ data }: MessageEvent<unknown>) => {
    if (!Array.isArray(data)) return;
    for (const event of data) {
      if (!isEvent(event) || event.id <= (lastSeen.get(event.origin) ?? -1)) continue;
      lastSeen.set(event.origin, event.id);
      bus.relay(event);
    }
  };

  channel.addEventListener("message", receive);
  const subscriptions = (options.patterns ?? ["*" as const]).map((pattern) =>
    bus.on(pattern, collect, { name: "worker bridge" })
  );
  return {
    [Symbol.dispose]: () => {
      for (const subscription of subscriptions) subscription[Symbol.dispose]();
      send();
      channel.close();
    },
  };
}

import type { EventBus } from "./event_bus.ts";
import { isEvent } from "./event_check.ts";
import type { EventPattern } from "./event_pattern.ts";
import type { DfsEvent } from "./event_types.ts";
import { systemTimers, type Timers } from "./timers.ts";

/** The most events that travel in one message. */
export const bridgeBatchEventsMax = 512;

/** Options of {@linkcode bridgeWorkers}. */
export interface BridgeOptions {
  /** Name of the channel; the same in all workers of one program. */
  readonly channel: string;
  /** Which events to send to the others; all unless told. */
  readonly patterns?: readonly EventPattern[];
  /** Whether this is the worker that acknowledges what the others sent: the one that outlives them. `false` unless told. */
  readonly acknowledges?: boolean;
  /** Where the timeout of {@linkcode WorkerBridge.delivered} comes from. */
  readonly timers?: Timers;
}

/** How long a worker waits for the acknowledgement of what it sent, in milliseconds. */
export const bridgeAcknowledgeMs = 2000;

/** A bus that is joined to others. Disposing of it sends what is left and leaves the channel. */
export interface WorkerBridge extends Disposable {
  /**
   * Sends what is left and waits until the worker that acknowledges has all of it: a channel may lose what a worker sent
   * right before its end.
   *
   * @returns Whether it was acknowledged in time.
   */
  delivered(): Promise<boolean>;
}

/** What travels beside events: a question, and its answer, by an id that nobody else has. */
type Marker = { readonly ask: string } | { readonly acknowledge: string };

/**
 * Joins the bus of a worker to those of all other workers: what is emitted on one is delivered on all.
 *
 * Each event arrives once, and those of one origin in the order they were emitted: a channel keeps the order of each
 * sender and does not echo, an event that came from elsewhere is never sent on, and an id that was seen already, or is
 * older, is not delivered again. Every bus needs an origin of its own. What is emitted before the program waits for
 * something travels in one message.
 *
 * @returns The bridge, to be disposed of.
 */
export function bridgeWorkers(bus: EventBus, options: BridgeOptions): WorkerBridge {
  const channel = new BroadcastChannel(options.channel);
  const lastSeen = new Map<string, number>();
  const asked = new Map<string, () => void>();
  let batch: DfsEvent[] = [];

  const post = (message: DfsEvent[] | Marker) => {
    try {
      channel.postMessage(message);
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      // Deno cuts off a channel that was opened while the last one of this thread was being closed; another connects it anew.
      new BroadcastChannel(options.channel).close();
      channel.postMessage(message);
    }
  };
  const send = () => {
    if (batch.length === 0) return;
    const events = batch;
    batch = [];
    post(events);
  };
  const collect = (event: DfsEvent) => {
    if (event.origin !== bus.origin) return;
    if (batch.length === 0) queueMicrotask(send);
    batch.push(event);
    if (batch.length >= bridgeBatchEventsMax) send();
  };
  const receiveMarker = (data: unknown) => {
    if (typeof data !== "object" || data === null) return;
    if (options.acknowledges && "ask" in data && typeof data.ask === "string") post({ acknowledge: data.ask });
    if ("acknowledge" in data && typeof data.acknowledge === "string") asked.get(data.acknowledge)?.();
  };
  const receive = ({ data }: MessageEvent<unknown>) => {
    if (!Array.isArray(data)) return receiveMarker(data);
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
    delivered: () => {
      send();
      const id = crypto.randomUUID();
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const timer = (options.timers ?? systemTimers).after(bridgeAcknowledgeMs, () => resolve(false));
      asked.set(id, () => resolve(true));
      post({ ask: id });
      return promise.finally(() => {
        timer[Symbol.dispose]();
        asked.delete(id);
      });
    },
    [Symbol.dispose]: () => {
      for (const subscription of subscriptions) subscription[Symbol.dispose]();
      send();
      channel.close();
    },
  };
}

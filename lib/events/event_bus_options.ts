import type { Clock } from "../core/mod.ts";
import type { EventBatch } from "./event_batch.ts";
import type { EventPattern, Matching } from "./event_pattern.ts";
import type { Sequence } from "./sequence.ts";
import type { Timers } from "./timers.ts";

/** What is called for an event. A promise it returns is watched for rejection; only `emitAsync` waits for it. */
export type EventHandler<P extends EventPattern> = (event: Matching<P>) => void | Promise<void>;

/** Options of `EventBus`. */
export interface EventBusOptions {
  /** Name of this bus in the events it makes: 1 to 64 letters, digits, `.`, `_`, `-`. Unique in every run of every worker. */
  readonly origin?: string;
  /** Where the time of events comes from; `turnClock` of this machine unless told. */
  readonly clock?: Clock;
  /** Where the ids of events come from. */
  readonly sequence?: Sequence;
  /** Where the timeouts of `waitFor` come from. */
  readonly timers?: Timers;
}

/** Options of `EventBus.on`. */
export interface SubscribeOptions<P extends EventPattern> {
  /** Higher ones are called first; 0 unless told. Among equals the order of subscription holds. */
  readonly priority?: number;
  /** Whether to call it for the first event only. */
  readonly once?: boolean;
  /** Whether to call it for this event. One that throws counts as a failed handler. */
  readonly filter?: (event: Matching<P>) => boolean;
  /** Ends the subscription when it aborts. */
  readonly signal?: AbortSignal;
  /** What failures call the handler by; the function's own name unless told. */
  readonly name?: string;
  /**
   * Called instead of the handler for events that come together, see `EventBus.emitAll`: who only puts them by
   * need not have each made. Not with `filter` or `once`.
   */
  readonly batch?: (batch: EventBatch) => void;
}

/** Options of `EventBus.waitFor`. */
export interface WaitOptions<P extends EventPattern> {
  /** Which event to wait for. */
  readonly filter?: (event: Matching<P>) => boolean;
  /** How long to wait, in milliseconds; for ever unless told. */
  readonly timeoutMs?: number;
  /** Ends the waiting when it aborts. */
  readonly signal?: AbortSignal;
}

/** Why `EventBus.waitFor` has no event. */
export type WaitError = "timeout" | "aborted" | "closed";

/** What a bus has done so far. */
export interface BusCounts {
  /** Events that somebody was subscribed to. */
  readonly events: number;
  /** Handlers and filters that threw or rejected. */
  readonly failures: number;
}

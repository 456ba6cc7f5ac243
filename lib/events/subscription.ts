import type { EventBatch } from "./event_batch.ts";
import type { EventPattern } from "./event_pattern.ts";
import type { DfsEvent } from "./event_types.ts";

/** One handler and when to call it. */
export interface Subscription {
  /** What it is called for. */
  readonly pattern: EventPattern;
  /** What failures call it by. */
  readonly name: string;
  /** Higher ones are called first. */
  readonly priority: number;
  /** Whether it is called at most once. */
  readonly once: boolean;
  /** Whether it has a filter; told apart so that delivery need not call one that is not there. */
  readonly filtered: boolean;
  /** Whether it is still to be called. */
  active: boolean;
  /** Says whether it wants an event. */
  accepts(event: DfsEvent): boolean;
  /** Calls it. */
  handle(event: DfsEvent): unknown;
  /** Calls it for all events of a batch together; `undefined` where it is called for each. */
  readonly handleBatch: ((batch: EventBatch) => void) | undefined;
}

/**
 * Puts a subscription where it belongs: after all of the same or a higher priority.
 *
 * @returns A new array; whoever walks the old one is not disturbed.
 */
export function insertSubscription(list: readonly Subscription[], added: Subscription): readonly Subscription[] {
  const at = list.findIndex((other) => other.priority < added.priority);
  return at < 0 ? [...list, added] : list.toSpliced(at, 0, added);
}

/**
 * What happens, told to whoever wants to know. A typed bus over `EventTarget` carries events from the layers that make
 * them to components that know nothing of those layers.
 *
 * @module
 */
export { type Correlation, correlationFields, correlationOf } from "./correlation.ts";
export {
  type BusCounts,
  deferredEventsMax,
  errorTextUnitsMax,
  EventBus,
  type EventBusOptions,
  type EventHandler,
  type SubscribeOptions,
  type WaitError,
  type WaitOptions,
} from "./event_bus.ts";
export {
  allEventTypes,
  type EventGroup,
  type EventPattern,
  isEventType,
  matchesPattern,
  type Matching,
  parseEventPattern,
} from "./event_pattern.ts";
export { type EventDeclaration, type Field, type FieldKind, type Fields, type Level } from "./event_schema.ts";
export { type AnyEvent, type DfsEvent, type EventMap, type EventType, eventTypes } from "./event_types.ts";
export { countingSequence, type Sequence } from "./sequence.ts";
export { systemTimers, type Timers } from "./timers.ts";
export { turnClock } from "./turn_clock.ts";
export { EventQueue, type EventQueueOptions, type OverflowPolicy, type PushOutcome } from "./event_queue.ts";
export { prioritiesMax, PriorityRings } from "./priority_rings.ts";
export { Ring } from "./ring.ts";

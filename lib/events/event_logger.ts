import type { Component } from "./component.ts";
import type { EventBus } from "./event_bus.ts";
import { allEventTypes } from "./event_pattern.ts";
import { type DfsEvent, eventTypes } from "./event_types.ts";
import type { Logger } from "./logger.ts";

/**
 * Writes events to the log, each at the level the table of events gives it. It subscribes only to types that are
 * written at all: the others cost nothing.
 *
 * Where several workers share events it belongs in one of them, or every event is written by each.
 */
export class EventLogger implements Component {
  readonly name = "logger";
  readonly #logger: Logger;
  #subscriptions: readonly Disposable[] = [];

  /**
   * Writes nothing until the component starts.
   *
   * @param logger Where to write; it is flushed, not closed, when the component stops.
   */
  constructor(logger: Logger) {
    this.#logger = logger;
  }

  start(bus: EventBus): void {
    this.#subscriptions = allEventTypes
      .filter((type) => this.#logger.writes(eventTypes[type].level))
      .map((type) => bus.on(type, (event: DfsEvent) => this.#write(event), { name: this.name }));
  }

  async stop(): Promise<void> {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    this.#subscriptions = [];
    await this.#logger.flush();
  }

  #write({ type, id, time, origin, detail }: DfsEvent): void {
    this.#logger.log(eventTypes[type].level, type, { ...detail, id, origin }, time);
  }
}

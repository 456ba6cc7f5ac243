import type { EventBus } from "./event_bus.ts";

/** A part of the program that listens: it is tied to the rest by the bus alone. */
export interface Component {
  /** Its name in the registry. */
  readonly name: string;
  /** Begins to listen. */
  start(bus: EventBus): void | Promise<void>;
  /** Stops listening, and brings to its end what it holds. Called once, and only if it was started. */
  stop(): void | Promise<void>;
}

import { err, ok, type Result } from "../core/mod.ts";
import type { Component } from "./component.ts";
import type { EventBus } from "./event_bus.ts";

/** A component that failed: which, when, and what it threw. */
export interface ComponentError {
  /** Its name. */
  readonly component: string;
  /** What it was asked to do. */
  readonly during: "start" | "stop";
  /** What it threw. */
  readonly cause: unknown;
}

/**
 * The one place where all components are found. They start in the order they were added and stop in the reverse order, so
 * that one added early (the logger) hears what the later ones say.
 *
 * @example
 * ```ts
 * import { ComponentRegistry } from "./component_registry.ts";
 * import { EventBus } from "./event_bus.ts";
 *
 * await using components = new ComponentRegistry(new EventBus());
 * components.add({ name: "example", start: (bus) => void bus.on("*", () => {}), stop: () => {} });
 * const started = await components.start();
 * if (!started.ok) throw started.error.cause;
 * ```
 */
export class ComponentRegistry implements AsyncDisposable {
  readonly #bus: EventBus;
  readonly #components = new Map<string, Component>();
  readonly #started: Component[] = [];

  /**
   * Begins without components.
   *
   * @param bus The bus that ties them together.
   */
  constructor(bus: EventBus) {
    this.#bus = bus;
  }

  /** The names of all components, in the order they start. */
  get names(): readonly string[] {
    return [...this.#components.keys()];
  }

  /** Adds a component; its name must be new. */
  add(component: Component): void {
    if (this.#components.has(component.name)) throw new RangeError(`There is a component "${component.name}" already`);
    this.#components.set(component.name, component);
  }

  /** The component of a name, if there is one. */
  get(name: string): Component | undefined {
    return this.#components.get(name);
  }

  /**
   * Starts all that are not running. If one fails, those that run are stopped again.
   *
   * @returns Nothing; or which one failed.
   */
  async start(): Promise<Result<void, ComponentError>> {
    for (const component of this.#components.values()) {
      if (this.#started.includes(component)) continue;
      try {
        await component.start(this.#bus);
        this.#started.push(component);
      } catch (cause) {
        await this.stop();
        return err({ component: component.name, during: "start", cause });
      }
    }
    return ok(undefined);
  }

  /**
   * Stops all that run; one that fails keeps no other from stopping.
   *
   * @returns Those that failed.
   */
  async stop(): Promise<readonly ComponentError[]> {
    const errors: ComponentError[] = [];
    for (let component = this.#started.pop(); component; component = this.#started.pop()) {
      try {
        await component.stop();
      } catch (cause) {
        errors.push({ component: component.name, during: "stop", cause });
      }
    }
    return errors;
  }

  /** Stops all that run. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

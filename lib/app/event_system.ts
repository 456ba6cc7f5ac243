import { bridgeWorkers, type Component, ComponentRegistry, EventBus } from "../events/mod.ts";

/** Options of {@linkcode startEventSystem}. */
export interface EventSystemOptions {
  /** What the origin of events begins with; the rest is random, so that each run of each worker has its own. */
  readonly name: string;
  /** What listens; started in this order, stopped in the reverse one. */
  readonly components: readonly Component[];
  /** Name of the channel that the workers of this program share; none unless told. */
  readonly channel?: string | undefined;
  /** Whether this is the worker that outlives the others. */
  readonly outlivesOthers?: boolean;
}

/** A bus, and the components that listen to it. */
export interface EventSystem extends AsyncDisposable {
  readonly events: EventBus;
  /** All components, by name. */
  readonly components: ComponentRegistry;
}

/**
 * Makes a bus, starts the components on it and joins it to those of other workers.
 *
 * @returns The system; disposing of it delivers what is on its way, and rejects with what a component could not finish.
 * @throws what a component could not start for; then none is left running.
 */
export async function startEventSystem(options: EventSystemOptions): Promise<EventSystem> {
  const { name, channel, outlivesOthers = false } = options;
  await using stack = new AsyncDisposableStack();
  const events = stack.use(new EventBus({ origin: `${name}-${crypto.randomUUID().slice(0, 8)}` }));
  const components = new ComponentRegistry(events);
  for (const component of options.components) components.add(component);
  stack.defer(async () => {
    const [error] = await components.stop();
    if (error !== undefined) throw error.cause;
  });
  const started = await components.start();
  if (!started.ok) throw started.error.cause;
  if (channel !== undefined) {
    const bridge = stack.use(bridgeWorkers(events, { channel, acknowledges: outlivesOthers }));
    if (!outlivesOthers) stack.defer(async () => void await bridge.delivered());
  }
  const resources = stack.move();
  return { events, components, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

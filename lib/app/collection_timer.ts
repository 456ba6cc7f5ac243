import { Failure, systemClock } from "../core/mod.ts";
import type { EventBus } from "../events/mod.ts";
import { MaintenanceService } from "../sync/service/mod.ts";
import { openStores } from "./stores.ts";

/** When and where a server collects garbage by itself. */
export interface CollectionTimerOptions {
  readonly dataFolder: string;
  readonly events: EventBus;
  /** How long from the end of one collection to the next, in milliseconds. */
  readonly intervalMs: number;
  /** Told when one fails, unless somebody else is collecting; the next is tried all the same. */
  readonly onError: (error: unknown) => void;
}

/** How long after the start the first collection is made, if the interval is longer: servers that start have other work. */
const firstWaitMs: number = 10 * 60 * 1000;

/** The longest a timer can be set to, in milliseconds; beyond, it would go off at once. */
const timerMsMax: number = 2 ** 31 - 1;

/**
 * Collects garbage from time to time, over stores of its own, so that it does not matter which worker serves.
 *
 * @returns Ends the collections when it is disposed of; one that goes on is broken off, which loses nothing.
 */
export function startCollectionTimer(options: CollectionTimerOptions): AsyncDisposable {
  const { intervalMs } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  const ending = new AbortController();
  const schedule = (waitMs: number): void => {
    timer = setTimeout(() => {
      running = collectOnce(options, ending.signal).catch((cause) => {
        const isAtWork = cause instanceof Failure && cause.kind === "conflict";
        if (!ending.signal.aborted && !isAtWork) options.onError(cause);
      }).then(() => {
        if (!ending.signal.aborted) schedule(intervalMs);
      });
    }, Math.min(waitMs, timerMsMax));
  };
  schedule(Math.min(intervalMs, firstWaitMs));
  return {
    async [Symbol.asyncDispose](): Promise<void> {
      ending.abort();
      clearTimeout(timer);
      await running;
    },
  };
}

async function collectOnce({ dataFolder, events }: CollectionTimerOptions, signal: AbortSignal): Promise<void> {
  await using stores = await openStores(dataFolder, events);
  await new MaintenanceService({ ...stores, clock: systemClock, events }).collectGarbage({ signal });
}

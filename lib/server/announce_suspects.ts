import type { Clock } from "../core/mod.ts";
import type { EventBus } from "../events/mod.ts";
import { type Middleware, onError } from "../network/mod.ts";
import { SuspectRequest, type Suspicion } from "./suspect_request.ts";

/** What {@linkcode announceSuspects} works with. */
export interface AnnounceSuspectsOptions {
  readonly events: EventBus;
  readonly clock: Clock;
}

/** How many suspect requests of one kind are told of in {@linkcode suspectWindowMs}; the others are counted. */
export const suspectsPerWindow = 5;
/** How long a window is, in milliseconds. */
export const suspectWindowMs = 60_000;
/** The longest text that is told of a request, in UTF-16 units. */
const detailUnitsMax = 300;

/** How often requests of one kind came. */
interface Tally {
  windowEndsMs: number;
  told: number;
  /** Since the last that was told of. */
  untold: number;
}

/**
 * Emits `security.request_refused` for requests that were refused for a reason somebody should hear of. A flood of them
 * cannot drown what else is written down: of each kind only so many are told of a minute, and the next one tells how many
 * were left out.
 */
export function announceSuspects({ events, clock }: AnnounceSuspectsOptions): Middleware {
  const tallies = new Map<Suspicion, Tally>();
  return onError((error, request) => {
    if (!(error instanceof SuspectRequest)) throw error;
    const untold = admit(tallies, error.suspicion, clock.monotonic());
    if (untold !== undefined) {
      events.emit("security.request_refused", {
        reason: error.suspicion,
        detail: error.message.slice(0, detailUnitsMax),
        address: request.remoteAddress.hostname,
        ...(untold === 0 ? {} : { untold }),
      });
    }
    throw error;
  });
}

/** Counts a request; gives how many before it were not told of, or `undefined` if it is not told of either. */
function admit(tallies: Map<Suspicion, Tally>, suspicion: Suspicion, nowMs: number): number | undefined {
  const tally = tallies.get(suspicion) ?? { windowEndsMs: 0, told: 0, untold: 0 };
  tallies.set(suspicion, tally);
  if (nowMs >= tally.windowEndsMs) {
    tally.windowEndsMs = nowMs + suspectWindowMs;
    tally.told = 0;
  }
  if (tally.told >= suspectsPerWindow) {
    tally.untold++;
    return undefined;
  }
  const { untold } = tally;
  tally.told++;
  tally.untold = 0;
  return untold;
}

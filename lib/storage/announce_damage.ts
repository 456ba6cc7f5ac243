import { Failure } from "../core/mod.ts";
import type { EventBus } from "../events/mod.ts";

/**
 * Tells everybody who listens that stored bytes are not what they must be.
 *
 * @param object What was asked for.
 * @param cause What reading it threw; only a `Failure` of kind `corrupt` speaks of damage.
 */
export function announceDamage(events: EventBus | undefined, object: string, cause: unknown): void {
  if (!(cause instanceof Failure) || cause.kind !== "corrupt") return;
  events?.emit("storage.corruption_found", { object, error: cause.message });
}

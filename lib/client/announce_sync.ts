import type { Clock } from "../core/mod.ts";
import type { Correlation, EventBus, EventMap } from "../events/mod.ts";
import type { SyncReport } from "./report.ts";

/** A push or a pull that is about to run. */
export interface AnnouncedSync {
  readonly direction: "push" | "pull";
  readonly space: string;
  /** Id of this client. */
  readonly client: string;
  readonly clock: Clock;
  /** Where to tell of it; nowhere unless given. */
  readonly events: EventBus | undefined;
}

/**
 * Runs a push or a pull and tells everybody who listens how it began and ended. It is `completed` only if both sides were
 * proven equal.
 */
export async function announceSync(sync: AnnouncedSync, run: () => Promise<SyncReport>): Promise<SyncReport> {
  const { direction, space, client, clock, events } = sync;
  if (events === undefined) return await run();
  const startedMs = clock.monotonic();
  events.emit("sync.started", { space, client, direction });
  try {
    const report = await run();
    const durationMs = clock.monotonic() - startedMs;
    if (report.synchronized) {
      events.emit("sync.completed", { space, client, durationMs, ...syncFigures(report) });
    } else {
      events.emit("sync.failed", { space, client, error: `${report.problems.length} paths could not be carried over` });
    }
    return report;
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause);
    events.emit("sync.failed", { space, client, error });
    throw cause;
  }
}

/** What a run that ended well came to, as `sync.completed` tells it. */
export function syncFigures(
  { direction, revision, changes, contentBytes }: SyncReport,
): Omit<EventMap["sync.completed"], "space" | "durationMs" | keyof Correlation> {
  const filesDeleted = changes.filter(({ change }) => change === "deleted").length;
  const filesMoved = changes.length - filesDeleted;
  return direction === "push"
    ? { direction, revision, filesDeleted, filesUploaded: filesMoved, bytesUploaded: contentBytes }
    : { direction, revision, filesDeleted, filesDownloaded: filesMoved, bytesDownloaded: contentBytes };
}

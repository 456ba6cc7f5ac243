import type { Clock } from "../../core/mod.ts";
import type { Correlation, EventBus, EventMap } from "../../events/mod.ts";
import type { SidedChange, SyncReport } from "../report.ts";
import type { Direction } from "../strategy.ts";

/** A run that is about to begin. */
export interface AnnouncedSync {
  readonly direction: Direction;
  readonly space: string;
  /** Id of this client. */
  readonly client: string;
  readonly clock: Clock;
  /** Where to tell of it; nowhere unless given. */
  readonly events: EventBus | undefined;
}

/**
 * Runs a push, a pull or a two-way run and tells everybody who listens how it began and ended. It is `completed` only if both sides were
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
    announceConflicts(report, sync);
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

/** Tells of what both sides had changed, and of what became of it where that is decided. */
function announceConflicts({ conflicts }: SyncReport, { space, client, events }: AnnouncedSync): void {
  for (const { path, policy = "a folder has the name", outcome, copy } of conflicts) {
    events?.emit("conflict.detected", { space, client, path, policy });
    if (outcome === "manual" || outcome === "unmerged") continue;
    const kept = copy === undefined ? {} : { copy };
    events?.emit("conflict.resolved", { space, client, path, resolution: outcome, ...kept });
  }
}

/** What a run that ended well came to, as `sync.completed` tells it. */
export function syncFigures(
  { direction, revision, changes, sentBytes, fetchedBytes }: SyncReport,
): Omit<EventMap["sync.completed"], "space" | "durationMs" | keyof Correlation> {
  const count = (side: SidedChange["side"], deleted: boolean): number =>
    changes.filter((change) => change.side === side && (change.change === "deleted") === deleted).length;
  const up = { filesUploaded: count("server", false), bytesUploaded: sentBytes };
  const down = { filesDownloaded: count("folder", false), bytesDownloaded: fetchedBytes };
  const filesDeleted = count("server", true) + count("folder", true);
  return {
    direction,
    revision,
    filesDeleted,
    ...(direction === "pull" ? {} : up),
    ...(direction === "push" ? {} : down),
  };
}

import { type Clock, Failure } from "../core/mod.ts";
import { syncFigures } from "./announce_sync.ts";
import type { Remote } from "./remote.ts";
import type { SyncReport } from "./report.ts";

/** A push or a pull whose end the server is told of. */
export interface ReportedSync {
  readonly remote: Remote;
  /** Id of this client. */
  readonly client: string;
  readonly clock: Clock;
}

/**
 * Runs a push or a pull and tells the server which revision this client reached, if both sides were proven equal and
 * something changed. The run counts, not the telling: a report that fails changes nothing.
 */
export async function reportReplica(sync: ReportedSync, run: () => Promise<SyncReport>): Promise<SyncReport> {
  const { remote, client, clock } = sync;
  const startedMs = clock.monotonic();
  const report = await run();
  if (!report.synchronized || report.changes.length === 0) return report;
  const { root } = report;
  const durationMs = clock.monotonic() - startedMs;
  try {
    await remote.reportReplica({ client, root, durationMs, ...syncFigures(report) });
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
  }
  return report;
}

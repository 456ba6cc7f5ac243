import { type Clock, Failure, type FailureKind } from "../core/mod.ts";
import { syncFigures } from "./announce_sync.ts";
import type { Remote, ReplicaFailure, ReplicaState } from "./remote.ts";
import type { SyncReport } from "./report.ts";

/** A run whose end the server is told of. */
export interface ReportedSync {
  readonly remote: Remote;
  /** Id of this client. */
  readonly client: string;
  readonly clock: Clock;
}

/** Failures that the server cannot be told of, or that say nothing of this replica. */
const untold: readonly FailureKind[] = ["unreachable", "usage", "not_found"];

/**
 * Carries out a run and tells the server which revision this client reached, if both sides were proven equal and something
 * changed; or what went wrong. The run counts, not the telling: a report that fails changes nothing.
 */
export async function reportReplica(sync: ReportedSync, run: () => Promise<SyncReport>): Promise<SyncReport> {
  const { remote, client, clock } = sync;
  const startedMs = clock.monotonic();
  try {
    const report = await run();
    const durationMs = clock.monotonic() - startedMs;
    if (!report.synchronized && report.problems.length > 0) {
      const message = `${report.problems.length} paths could not be carried over`;
      await tell(remote, { client, failure: { kind: "io", message } });
    } else if (report.synchronized && report.changes.length > 0) {
      await tell(remote, { client, root: report.root, durationMs, ...syncFigures(report) });
    }
    return report;
  } catch (cause) {
    if (cause instanceof Failure && !untold.includes(cause.kind)) {
      await tell(remote, { client, failure: { kind: cause.kind, message: cause.message } });
    }
    throw cause;
  }
}

async function tell(remote: Remote, state: ReplicaState | ReplicaFailure): Promise<void> {
  try {
    await remote.reportReplica(state);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
  }
}

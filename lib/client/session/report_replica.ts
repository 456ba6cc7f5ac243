import { type Clock, Failure, type FailureKind } from "../../core/mod.ts";
import { syncFigures } from "./announce_sync.ts";
import type { Remote } from "../remote/mod.ts";
import type { SyncReport } from "../report.ts";
import { type RunTeller, tellReplica } from "./run_teller.ts";

/** A run whose end the server is told of. */
export interface ReportedSync {
  readonly remote: Remote;
  /** Id of this client. */
  readonly client: string;
  readonly clock: Clock;
  /** What tells the server of the run while it is under way. */
  readonly teller: RunTeller;
}

/** Failures that say nothing of this replica. */
const untold: readonly FailureKind[] = ["usage", "not_found"];

/**
 * Carries out a run and tells the server which revision this client reached, if both sides were proven equal and something
 * changed; or what went wrong; and where the run ended, if it did anything or is known there. The run counts, not the telling: a report
 * that fails changes nothing.
 */
export async function reportReplica(sync: ReportedSync, run: () => Promise<SyncReport>): Promise<SyncReport> {
  const { remote, client, clock, teller } = sync;
  const startedMs = clock.monotonic();
  try {
    const report = await run();
    const durationMs = clock.monotonic() - startedMs;
    const ended = await teller.settled();
    const { changes, sentBytes, fetchedBytes } = report;
    const carried = { filesSynced: changes.length, bytesTransferred: sentBytes + fetchedBytes };
    const told = { client, ...(ended === undefined ? {} : { run: { ...ended, ...carried } }) };
    if (!report.synchronized && report.problems.length > 0) {
      const message = `${report.problems.length} paths could not be carried over`;
      await tellReplica(remote, { ...told, failure: { kind: "io", message } });
    } else if (report.synchronized && changes.length > 0) {
      await tellReplica(remote, { ...told, root: report.root, durationMs, ...syncFigures(report) });
    } else if (told.run !== undefined && (changes.length > 0 || teller.hasTold)) {
      await tellReplica(remote, { client, run: told.run });
    }
    return report;
  } catch (cause) {
    // A server that cannot be reached cannot be told so.
    if (cause instanceof Failure && cause.kind !== "unreachable") {
      const ended = await teller.settled();
      const told = { client, ...(ended === undefined ? {} : { run: ended }) };
      if (!untold.includes(cause.kind)) {
        await tellReplica(remote, { ...told, failure: { kind: cause.kind, message: cause.message } });
      } else if (told.run !== undefined) await tellReplica(remote, { client, run: told.run });
    }
    throw cause;
  }
}

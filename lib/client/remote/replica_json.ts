import type { ReplicaFailure, ReplicaRun, ReplicaState, RunReport } from "./remote.ts";

/** The longest error of a run that is told, in UTF-16 units: what the server keeps of it. */
const errorUnitsMax = 1000;

/** What a client tells of itself, as the server takes it. */
export function replicaJson(told: ReplicaState | ReplicaFailure | ReplicaRun): Record<string, unknown> {
  const { client, run } = told;
  const session = run === undefined ? {} : { session: runJson(run, "failure" in told) };
  if ("failure" in told) return { client, failure: told.failure, ...session };
  if (!("root" in told)) return { client, ...session };
  return {
    client,
    revision: told.revision,
    root: told.root,
    direction: told.direction,
    duration_ms: told.durationMs,
    files_uploaded: told.filesUploaded,
    files_downloaded: told.filesDownloaded,
    files_deleted: told.filesDeleted,
    bytes_uploaded: told.bytesUploaded,
    bytes_downloaded: told.bytesDownloaded,
    ...session,
  };
}

/** Where a run stands; why it failed stands in the failure, if that is told too. */
function runJson(run: RunReport, isExplained: boolean): Record<string, unknown> {
  const { session: { id, direction, startedAtMs: _, changedAtMs: __, ...status }, elapsedMs } = run;
  const error = status.state === "Failed"
    ? { error: isExplained ? undefined : status.error.slice(0, errorUnitsMax) }
    : {};
  return {
    id,
    direction,
    ...status,
    ...error,
    elapsed_ms: elapsedMs,
    files_synced: run.filesSynced,
    bytes_transferred: run.bytesTransferred,
  };
}

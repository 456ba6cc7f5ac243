import { announceSync } from "./announce_sync.ts";
import type { TransferOptions } from "./push.ts";
import type { Remote } from "./remote.ts";
import type { SyncReport } from "./report.ts";
import { reportReplica } from "./report_replica.ts";
import type { Workspace } from "./workspace.ts";

/** A push or a pull that is about to run. */
export interface ObservedRun {
  readonly direction: "push" | "pull";
  readonly workspace: Workspace;
  readonly remote: Remote;
  readonly options: TransferOptions;
}

/** Runs a push or a pull, tells who listens here of it, and the server what was reached. Of a dry run nobody is told. */
export function observedRun(observed: ObservedRun, run: () => Promise<SyncReport>): Promise<SyncReport> {
  const { direction, workspace, remote, options } = observed;
  if (options.dryRun) return run();
  const { clock, events } = options;
  const { space, clientId: client } = workspace;
  return announceSync({ direction, space, client, clock, events }, () => reportReplica({ remote, client, clock }, run));
}

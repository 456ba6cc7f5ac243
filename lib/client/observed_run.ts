import { announceSync } from "./announce_sync.ts";
import type { TransferOptions } from "./options.ts";
import type { Remote } from "./remote.ts";
import type { SyncReport } from "./report.ts";
import { reportReplica } from "./report_replica.ts";
import type { Direction } from "./strategy.ts";
import type { Workspace } from "./workspace.ts";

/** A run that is about to begin. */
export interface ObservedRun {
  readonly direction: Direction;
  readonly workspace: Workspace;
  readonly remote: Remote;
  readonly options: TransferOptions;
}

/** Carries it out, tells who listens here of it, and the server what was reached. Of a dry run nobody is told. */
export function observedRun(observed: ObservedRun, run: () => Promise<SyncReport>): Promise<SyncReport> {
  const { direction, workspace, remote, options } = observed;
  if (options.dryRun) return run();
  const { clock, events } = options;
  const { space, clientId: client } = workspace;
  return announceSync({ direction, space, client, clock, events }, () => reportReplica({ remote, client, clock }, run));
}

import { announceSync } from "./announce_sync.ts";
import type { TransferOptions } from "../options.ts";
import type { Remote } from "../remote/mod.ts";
import type { SyncReport } from "../report.ts";
import { silentProgress } from "../report.ts";
import { reportReplica } from "./report_replica.ts";
import { trackSession } from "./run_session.ts";
import { RunTeller } from "./run_teller.ts";
import type { Direction } from "../strategy.ts";
import type { Workspace } from "../workspace/mod.ts";

/** A run that is about to begin. */
export interface ObservedRun {
  /** Which way it carries changes. */
  readonly direction: Direction;
  /** The folder, and what is remembered of it. */
  readonly workspace: Workspace;
  /** The space on the server. */
  readonly remote: Remote;
  /** What the user asked for. */
  readonly options: TransferOptions;
}

/**
 * Carries it out, keeps where it stands, and tells who listens here of it, and the server how it stands and ended. Of a dry run
 * nobody is told.
 */
export function observedRun(
  observed: ObservedRun,
  run: (options: TransferOptions) => Promise<SyncReport>,
): Promise<SyncReport> {
  const { direction, workspace, remote, options } = observed;
  if (options.dryRun) return run(options);
  const { clock, events } = options;
  const { space, clientId: client, state: keeper } = workspace;
  const teller = new RunTeller({ remote, client, clock, keeper });
  const progress = teller.listening(options.progress ?? silentProgress);
  const tracked = (): Promise<SyncReport> => {
    return trackSession({ direction, keeper: teller, options: { ...options, progress } }, run);
  };
  return announceSync({ direction, space, client, clock, events }, () => {
    return reportReplica({ remote, client, clock, teller }, tracked);
  });
}

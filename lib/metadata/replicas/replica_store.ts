import type { RecentQuery, SessionRecord } from "../sessions/mod.ts";

/** How many replicas are remembered at most; those heard of longest ago are forgotten. */
export const replicasMax = 10_000;

/**
 * Remembers what clients told of their copies of spaces, so that it outlives the process. All methods reject with a
 * `Failure` if the medium fails.
 */
export interface ReplicaStore extends AsyncDisposable {
  /** Remembers that a replica was equal to its space; what went wrong before is forgotten. */
  reached(report: ReachedReport): Promise<void>;
  /** Remembers what went wrong with a replica. */
  failed(report: FailedReport): Promise<void>;
  /** All replicas, the one heard of last at the end. */
  replicas(): Promise<ReplicaRecord[]>;
  /** Remembers where a run of a replica's client stands, in the place of what was known of that or of an earlier run. */
  ran(run: RunRecord): Promise<void>;
  /** The run of an id, if it is the last of its replica. */
  run(id: string): Promise<RunRecord | undefined>;
  /** The last runs of replicas that were heard of lately, the newest first; at most so many. */
  runs(query: RecentQuery): Promise<RunRecord[]>;
}

/** One client's copy of a space. */
export interface ReplicaKey {
  /** Name of the space. */
  readonly space: string;
  /** Id of the client. */
  readonly client: string;
}

/** A replica that was equal to its space. */
export interface ReachedReport extends ReplicaKey {
  /** At which revision. */
  readonly revision: number;
  /** When it told, in milliseconds since 1970. */
  readonly atMs: number;
}

/** A replica that something went wrong with. */
export interface FailedReport extends ReplicaKey {
  /** What went wrong: one sentence. */
  readonly error: string;
  /** When it told, in milliseconds since 1970. */
  readonly atMs: number;
}

/** A run of a client that carries a whole folder, as it told; a session without the paths. */
export interface RunRecord extends Omit<SessionRecord, "tick"> {
  /** Which way it carries changes. */
  readonly direction: RunDirection;
}

/** Which way a run carries changes. */
export type RunDirection = "push" | "pull" | "sync";

/** What is known of a replica. */
export interface ReplicaRecord extends ReplicaKey {
  /** The revision at which it was last equal to the space; `undefined` if it never was. */
  readonly revision: number | undefined;
  /** When that was, in milliseconds since 1970. */
  readonly syncedAtMs: number | undefined;
  /** When it was last heard of, in milliseconds since 1970. */
  readonly seenAtMs: number;
  /** What went wrong since then, last. */
  readonly lastError: string | undefined;
}

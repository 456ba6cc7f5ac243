/** The state of all synchronization, as the sync monitor knows it. Times are RFC 3339 in UTC. */
export interface SyncOverview {
  /** All spaces heard of. */
  readonly spaces: readonly SpaceOverview[];
  /** All sessions heard of, those that ended too. */
  readonly sessions: readonly SessionOverview[];
  /** All replicas heard of. */
  readonly replicas: readonly ReplicaOverview[];
}

/** One space. */
export interface SpaceOverview {
  /** Its name. */
  readonly space: string;
  /** The newest revision seen. */
  readonly revision: number;
  /** When it was made; `null` if that was before the monitor started. */
  readonly committedAt: string | null;
  /** Paths with a conflict that was detected and not yet resolved. */
  readonly openConflicts: number;
}

/** One run of a client against a space. */
export interface SessionOverview {
  /** Its id. */
  readonly session: string;
  /** The space it works on; `null` while unknown. */
  readonly space: string | null;
  /** The client it belongs to; `null` while unknown. */
  readonly client: string | null;
  /** The state in the words of the session; `null` until it first changes. */
  readonly state: string | null;
  /** When it was first heard of. */
  readonly startedAt: string;
  /** When it was last heard of. */
  readonly updatedAt: string;
  /** What went wrong last; `null` if nothing did. */
  readonly lastError: string | null;
}

/** One client's copy of a space. */
export interface ReplicaOverview {
  /** The space. */
  readonly space: string;
  /** Id of the client. */
  readonly client: string;
  /** The name the client registered with. */
  readonly name: string | null;
  /** The revision at which it was last equal to the server; `null` if it never was. */
  readonly revision: number | null;
  /** How many revisions it is behind the space; `null` if it was never equal. */
  readonly lag: number | null;
  /** When anything was last heard of it. */
  readonly seenAt: string;
  /** When it was last equal to the server. */
  readonly syncedAt: string | null;
  /** What went wrong last; `null` since it was last equal. */
  readonly lastError: string | null;
}

/** What a server has done since it began to listen. */
export interface ServerStats {
  /** Connections accepted. */
  readonly connections: number;
  /** Connections open now. */
  readonly connectionsOpen: number;
  /** Requests handed to the handler. */
  readonly requests: number;
  /** Connections ended because the peer was too slow; those that were merely idle are not counted. */
  readonly timeouts: number;
  /** Requests refused before a handler saw them: malformed, over a limit. */
  readonly rejects: number;
  /** Connections refused because there were too many. */
  readonly connectionsRefused: number;
  /** Handlers that threw something other than an `HttpError`, and responses that could not be sent. */
  readonly errors: number;
}

/** Statistics that are being counted. */
export type ServerCounters = { -readonly [Name in keyof ServerStats]: number };

/** Counters at zero. */
export function newCounters(): ServerCounters {
  return {
    connections: 0,
    connectionsOpen: 0,
    requests: 0,
    timeouts: 0,
    rejects: 0,
    connectionsRefused: 0,
    errors: 0,
  };
}

/** The sum of several servers' statistics. */
export function sumStats(all: Iterable<ServerStats>): ServerStats {
  const sum = newCounters();
  for (const stats of all) {
    for (const name in sum) sum[name as keyof ServerStats] += stats[name as keyof ServerStats];
  }
  return sum;
}

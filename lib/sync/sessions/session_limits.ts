/** How long nothing may happen to a session before it expires, in milliseconds. */
export const sessionIdleMsMax: number = 24 * 3600 * 1000;
/** How long a session is remembered after anything happened to it, in milliseconds. */
export const sessionKeptMs: number = 7 * sessionIdleMsMax;
/** How long a client is remembered after it began a session, in milliseconds. */
export const clientKeptMs: number = 180 * sessionIdleMsMax;

/** How many clients may be registered. */
export const clientsMax = 100_000;
/** How many sessions may be open of one client. */
export const sessionsPerClientMax = 16;
/** How many sessions may be open. */
export const sessionsMax = 10_000;

/** How many files the list of a client may name. */
export const snapshotFilesMax = 100_000;
/** How many bytes one piece of an upload may have. */
export const pieceBytesMax: number = 4 * 1024 * 1024;
/** How many pieces one upload may have: together 40 GiB. */
export const uploadPiecesMax = 10_000;
/** How many pieces of unfinished uploads a session may have. */
export const sessionPiecesMax = 1_000_000;

/** How often a commit is tried anew because others changed the space meanwhile. */
export const commitAttemptsMax = 50;

if (sessionKeptMs <= sessionIdleMsMax || clientKeptMs <= sessionKeptMs || sessionsPerClientMax > sessionsMax) {
  throw new RangeError("A session is remembered beyond its end, and a client beyond its sessions");
}

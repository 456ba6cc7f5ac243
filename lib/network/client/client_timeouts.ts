/** How long a client waits for a server. */
export interface ClientTimeouts {
  /** For a connection, TLS included. */
  readonly connectMs: number;
  /** For the server to take some of what is written. */
  readonly writeMs: number;
  /** From the last byte of the request to the end of the head of the reply. */
  readonly replyMs: number;
  /** For the next piece of the content. */
  readonly bodyMs: number;
  /** How long a connection that nobody uses is kept; less than the server keeps it. */
  readonly idleMs: number;
}

/** The timeouts that hold unless others are given. */
export const defaultClientTimeouts: ClientTimeouts = {
  connectMs: 10_000,
  writeMs: 30_000,
  replyMs: 60_000,
  bodyMs: 60_000,
  idleMs: 30_000,
};

/** How much a server takes from a peer. Past a limit the request is refused with the status named at each. */
export interface HttpLimits {
  /** Request line, method to version: 414. */
  readonly requestLineBytesMax: number;
  /** Request line and header section together: 431. */
  readonly headBytesMax: number;
  /** Header field lines: 431. */
  readonly headerCountMax: number;
  /** Content of a request after chunked decoding: 413. */
  readonly bodyBytesMax: number;
  /** One chunk-size line with its extensions: 400. */
  readonly chunkLineBytesMax: number;
  /** Trailer section: 431. */
  readonly trailerBytesMax: number;
  /** What a handler may leave unread of a body before the connection is closed rather than reused. */
  readonly unreadBodyBytesMax: number;
  /** Connections open at once: 503 with `Retry-After`, and close. */
  readonly connectionsMax: number;
  /** Requests served on one connection; the last one is answered with `Connection: close`. */
  readonly requestsPerConnectionMax: number;
}

/** The limits that hold unless others are given. */
export const defaultLimits: HttpLimits = {
  requestLineBytesMax: 8 * 1024,
  headBytesMax: 32 * 1024,
  headerCountMax: 100,
  bodyBytesMax: 16 * 1024 ** 3,
  chunkLineBytesMax: 256,
  trailerBytesMax: 8 * 1024,
  unreadBodyBytesMax: 256 * 1024,
  connectionsMax: 20_000,
  requestsPerConnectionMax: 1_000_000,
};

/** How long a server waits for a peer. */
export interface HttpTimeouts {
  /** From the first byte of a head to its last: 408. Also for the first byte on a new connection: closed. */
  readonly headMs: number;
  /** For the first byte of the next request on a kept connection: closed without a word. */
  readonly idleMs: number;
  /** For the next piece of a body that is being read: 408. */
  readonly bodyMs: number;
  /** For the peer to take what is written: dropped. */
  readonly writeMs: number;
  /** For the peer to close after a refusal, while what it still sends is read and dropped. */
  readonly lingerMs: number;
}

/** The timeouts that hold unless others are given. */
export const defaultTimeouts: HttpTimeouts = {
  headMs: 15_000,
  idleMs: 75_000,
  bodyMs: 30_000,
  writeMs: 30_000,
  lingerMs: 2_000,
};

/** Slowest body that is borne, averaged since it began and after `bodyMs` of grace: 408. */
export const bodyBytesPerSecondMin = 128;
/** How often deadlines are looked at. */
export const sweepIntervalMs = 250;

/** Fills the gaps of some limits with the defaults; throws a `RangeError` if they contradict each other. */
export function completeLimits(limits: Partial<HttpLimits> = {}): HttpLimits {
  const complete = { ...defaultLimits, ...limits };
  for (const [name, value] of Object.entries(complete)) {
    if (!(value > 0)) throw new RangeError(`The limit ${name} must be positive, got ${value}`);
  }
  if (complete.requestLineBytesMax > complete.headBytesMax) {
    throw new RangeError("The limit requestLineBytesMax must not exceed headBytesMax");
  }
  return complete;
}

completeLimits();

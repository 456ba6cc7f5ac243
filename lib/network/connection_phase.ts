/** What a server's connection is doing. */
export enum ConnectionPhase {
  /** Waiting for the first byte of a request. */
  Idle,
  /** A request has begun and its head is not complete. */
  Head,
  /** A handler has the request, or its response is being written. */
  Answering,
  /** The last response is out; what the peer still sends is dropped until it closes (RFC 9112 section 9.6). */
  Lingering,
  /** Over. */
  Closed,
}

/** What happens to a connection. */
export enum ConnectionEvent {
  /** The first byte of a request came. */
  Bytes,
  /** A head is complete, or cannot be one. */
  Request,
  /** The response is out, and the connection is kept. */
  Answered,
  /** The response is out, and no other will follow. */
  Last,
  /** The connection is to go, for whatever reason. */
  Close,
}

const none = undefined;
const { Idle, Head, Answering, Lingering, Closed } = ConnectionPhase;

/** The phase that follows, by phase and event, each in the order in which they are declared. */
const table: readonly (readonly (ConnectionPhase | undefined)[])[] = [
  //              Bytes Request    Answered Last       Close
  /* Idle */ [Head, none, none, none, Closed],
  /* Head */ [none, Answering, none, none, Closed],
  /* Answering */ [none, none, Idle, Lingering, Closed],
  /* Lingering */ [none, none, none, none, Closed],
  /* Closed */ [none, none, none, none, Closed],
];

const eventCount = table[0]!.length;
/** The cells of {@linkcode table}, row by row, for a look-up in one step: it is made three times a request. */
const cells = table.flat();

/** The phase that follows; a pair without a cell is an error of this library. */
export function nextConnectionPhase(phase: ConnectionPhase, event: ConnectionEvent): ConnectionPhase {
  const next = cells[phase * eventCount + event];
  if (next !== undefined) return next;
  throw new Error(`A connection in phase ${ConnectionPhase[phase]} cannot take the event ${ConnectionEvent[event]}`);
}

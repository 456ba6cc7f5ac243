/**
 * What a server's connection is doing.
 *
 * - `idle`: waiting for the first byte of a request.
 * - `head`: a request has begun and its head is not complete.
 * - `answering`: a handler has the request, or its response is being written.
 * - `lingering`: the last response is out; what the peer still sends is dropped until it closes (RFC 9112 section 9.6).
 * - `closed`: over.
 */
export type ConnectionPhase = "idle" | "head" | "answering" | "lingering" | "closed";

/**
 * What happens to a connection.
 *
 * - `bytes`: the first byte of a request came.
 * - `request`: a head is complete, or cannot be one.
 * - `answered`: the response is out, and the connection is kept.
 * - `last`: the response is out, and no other will follow.
 * - `close`: the connection is to go, for whatever reason.
 */
export type ConnectionEvent = "bytes" | "request" | "answered" | "last" | "close";

const table: Readonly<Record<ConnectionPhase, Partial<Record<ConnectionEvent, ConnectionPhase>>>> = {
  idle: { bytes: "head", close: "closed" },
  head: { request: "answering", close: "closed" },
  answering: { answered: "idle", last: "lingering", close: "closed" },
  lingering: { close: "closed" },
  closed: { close: "closed" },
};

/** The phase that follows; a pair without a cell is an error of this library. */
export function nextConnectionPhase(phase: ConnectionPhase, event: ConnectionEvent): ConnectionPhase {
  const next = table[phase][event];
  if (next === undefined) throw new Error(`A connection that is ${phase} cannot take the event "${event}"`);
  return next;
}

import { type IllegalTransition, nextState, ok, type Result, type TransitionTable } from "../core/mod.ts";

/**
 * Where a session stands, with what belongs to that state.
 *
 * - `Idle`: opened, nothing asked yet.
 * - `ComputingDiff`: both sides are being compared, or the comparison was refused and is awaited anew.
 * - `RequestingMetadata`: what is known of the paths is being looked up: versions, hashes, histories.
 * - `TransferringFiles`: contents are on their way, in either direction.
 * - `ResolvingConflicts`: paths that changed on both sides are being decided.
 * - `ApplyingChanges`: what arrived is being committed, or put in its place.
 * - `Complete`: nothing is left to do. The last state.
 * - `Failed`: given up, for the reason told. The last state.
 */
export type SessionStatus =
  | { readonly state: "Idle" }
  | { readonly state: "ComputingDiff" }
  | { readonly state: "RequestingMetadata" }
  | { readonly state: "TransferringFiles"; readonly uploads: number; readonly downloads: number }
  | { readonly state: "ResolvingConflicts"; readonly conflicts: number }
  | { readonly state: "ApplyingChanges" }
  | { readonly state: "Complete"; readonly revision: number }
  | { readonly state: "Failed"; readonly error: string };

/** The name of a state. */
export type SessionState = SessionStatus["state"];

/**
 * What happens to a session, with what the state needs that it leads to.
 *
 * - `compare`: the two sides are compared, for the first time or anew.
 * - `request_metadata`, `receive_metadata`: what is known of the paths is asked for, and there.
 * - `transfer`: so many files are to be sent and fetched yet.
 * - `resolve`: so many paths changed on both sides.
 * - `apply`: changes are committed, or put in their places.
 * - `finish`: all is done, and the space was at this revision then.
 * - `fail`: it cannot go on.
 */
export type SessionEvent =
  | { readonly type: "compare" }
  | { readonly type: "request_metadata" }
  | { readonly type: "receive_metadata" }
  | { readonly type: "transfer"; readonly uploads: number; readonly downloads: number }
  | { readonly type: "resolve"; readonly conflicts: number }
  | { readonly type: "apply" }
  | { readonly type: "finish"; readonly revision: number }
  | { readonly type: "fail"; readonly error: string };

/** The name of an event. */
export type SessionEventType = SessionEvent["type"];

/** Why an event was refused. */
export type SessionProtocolError = IllegalTransition<SessionState, SessionEventType>;

/**
 * Every state of a session and every event it takes. The sessions of the JSON API go through it on the server, file by
 * file; a run of the native client goes through it once: it compares, transfers everything, applies it in one commit.
 */
export const sessionTable: TransitionTable<SessionState, SessionEventType> = {
  Idle: { compare: "ComputingDiff", fail: "Failed" },
  ComputingDiff: {
    compare: "ComputingDiff",
    request_metadata: "RequestingMetadata",
    transfer: "TransferringFiles",
    resolve: "ResolvingConflicts",
    apply: "ApplyingChanges",
    finish: "Complete",
    fail: "Failed",
  },
  // Whoever crashed while looking things up compares anew.
  RequestingMetadata: { compare: "ComputingDiff", receive_metadata: "ComputingDiff", fail: "Failed" },
  TransferringFiles: {
    compare: "ComputingDiff",
    transfer: "TransferringFiles",
    resolve: "ResolvingConflicts",
    apply: "ApplyingChanges",
    finish: "Complete",
    fail: "Failed",
  },
  ResolvingConflicts: {
    compare: "ComputingDiff",
    transfer: "TransferringFiles",
    resolve: "ResolvingConflicts",
    apply: "ApplyingChanges",
    fail: "Failed",
  },
  // A commit that meets a change of somebody else finds a conflict; after one file of several the next is on its way.
  ApplyingChanges: {
    compare: "ComputingDiff",
    transfer: "TransferringFiles",
    resolve: "ResolvingConflicts",
    apply: "ApplyingChanges",
    finish: "Complete",
    fail: "Failed",
  },
  Complete: {},
  Failed: {},
};

/** Every state, in the order in which a session goes through them. */
export const sessionStates = Object.keys(sessionTable) as readonly SessionState[];

/** Says whether nothing can happen in a state any more. */
export function isFinal(state: SessionState): boolean {
  return Object.keys(sessionTable[state]).length === 0;
}

/**
 * Lets something happen to a session.
 *
 * @returns Where the session stands then, or that its state does not take the event.
 *
 * @example
 * ```ts
 * import { advanceSession } from "./session.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(advanceSession({ state: "Idle" }, { type: "compare" }), { ok: true, value: { state: "ComputingDiff" } });
 * assertEquals(advanceSession({ state: "Idle" }, { type: "finish", revision: 7 }).ok, false);
 * ```
 */
export function advanceSession(
  { state }: SessionStatus,
  event: SessionEvent,
): Result<SessionStatus, SessionProtocolError> {
  const next = nextState(sessionTable, state, event.type);
  if (!next.ok) return next;
  switch (event.type) {
    case "compare":
    case "receive_metadata":
      return ok({ state: "ComputingDiff" });
    case "request_metadata":
      return ok({ state: "RequestingMetadata" });
    case "transfer":
      return ok({ state: "TransferringFiles", uploads: event.uploads, downloads: event.downloads });
    case "resolve":
      return ok({ state: "ResolvingConflicts", conflicts: event.conflicts });
    case "apply":
      return ok({ state: "ApplyingChanges" });
    case "finish":
      return ok({ state: "Complete", revision: event.revision });
    case "fail":
      return ok({ state: "Failed", error: event.error });
  }
}

/** Tells a person of a refused event, in a sentence. */
export function describeProtocolError({ state, event, allowed }: SessionProtocolError): string {
  const takes = allowed.length === 0 ? "it is over" : `it takes ${allowed.join(", ")}`;
  return `A session in the state ${state} does not take the event ${event}; ${takes}`;
}

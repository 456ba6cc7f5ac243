import { sessionStates, type SessionStatus } from "./session.ts";

/** A status as it is stored and sent: the name of the state, and what belongs to it as JSON. */
export interface StoredStatus {
  /** The name of the state. */
  readonly state: string;
  /** What belongs to the state, as JSON. */
  readonly data: string;
}

/** What a status is stored as. */
export function encodeStatus(status: SessionStatus): StoredStatus {
  const { state, ...data } = status;
  return { state, data: JSON.stringify(data) };
}

/** Reads a status; what is missing of a state counts as nothing. `undefined` for a state that there is not. */
export function decodeStatus(name: string, fields: ReadonlyMap<string, unknown>): SessionStatus | undefined {
  const state = sessionStates.find((candidate) => candidate === name);
  const number = (key: string): number => {
    const value = fields.get(key);
    return typeof value === "number" ? value : 0;
  };
  switch (state) {
    case undefined:
      return undefined;
    case "TransferringFiles":
      return { state, uploads: number("uploads"), downloads: number("downloads") };
    case "ResolvingConflicts":
      return { state, conflicts: number("conflicts") };
    case "Complete":
      return { state, revision: number("revision") };
    case "Failed": {
      const error = fields.get("error");
      return { state, error: typeof error === "string" ? error : "For an unknown reason" };
    }
    default:
      return { state };
  }
}

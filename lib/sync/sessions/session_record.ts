import { Failure } from "../../core/mod.ts";
import type { SessionRecord } from "../../metadata/sessions/mod.ts";
import { sessionStates, type SessionStatus } from "../session.ts";

/** A session, as it stands. */
export interface Session extends Omit<SessionRecord, "state" | "data"> {
  /** Its state, with what belongs to it. */
  readonly status: SessionStatus;
}

/** What a status is stored as. */
export function encodeStatus(status: SessionStatus): Pick<SessionRecord, "state" | "data"> {
  const { state, ...data } = status;
  return { state, data: JSON.stringify(data) };
}

/** Reads a stored session; throws a `Failure` of kind `corrupt` if it is none. */
export function readSession({ state, data, ...rest }: SessionRecord): Session {
  const status = readStatus(state, data);
  if (status !== undefined) return { ...rest, status };
  throw new Failure("corrupt", `The session ${JSON.stringify(rest.id)} is stored in a state that there is not`, {
    hint: "Begin a new session",
  });
}

function readStatus(name: string, data: string): SessionStatus | undefined {
  const state = sessionStates.find((candidate) => candidate === name);
  const fields = new Map<string, unknown>(Object.entries(JSON.parse(data)));
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

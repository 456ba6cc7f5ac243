import { Failure } from "../../core/mod.ts";
import type { SessionRecord } from "../../metadata/sessions/mod.ts";
import { isFinal, type SessionStatus } from "../session.ts";
import { decodeStatus } from "../session_form.ts";
import { sessionIdleMsMax } from "./session_limits.ts";

/** A session, as it stands. */
export interface Session extends Omit<SessionRecord, "state" | "data"> {
  /** Its state, with what belongs to it. */
  readonly status: SessionStatus;
}

/** What a session is said to have failed for when it expired. */
export const expiredError = `Nothing happened for ${sessionIdleMsMax / 3600_000} hours`;

/** Reads a stored session; throws a `Failure` of kind `corrupt` if it is none. */
export function readSession({ state, data, ...rest }: SessionRecord): Session {
  const status = decodeStatus(state, new Map<string, unknown>(Object.entries(JSON.parse(data))));
  if (status !== undefined) return { ...rest, status };
  throw new Failure("corrupt", `The session ${JSON.stringify(rest.id)} is stored in a state that there is not`, {
    hint: "Begin a new session",
  });
}

/** Whether nothing happened to a session for so long that it is over, though its state does not say so yet. */
export function hasExpired({ status, activeAtMs }: Session, nowMs: number): boolean {
  return !isFinal(status.state) && activeAtMs < nowMs - sessionIdleMsMax;
}

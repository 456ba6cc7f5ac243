import { ok, type Result } from "../../core/mod.ts";
import type { SessionUpdate } from "../../metadata/sessions/mod.ts";
import { advanceSession, describeProtocolError, type SessionEvent, type SessionStatus } from "../session.ts";
import { encodeStatus } from "../session_form.ts";
import type { SessionContext } from "./session_context.ts";
import { expiredError, hasExpired, readSession, type Session } from "./session_record.ts";
import { refuse, type SessionRefusal } from "./session_refusal.ts";

/** What is to happen to a session. */
export interface SessionChange extends Omit<SessionUpdate, "tick" | "atMs" | "state" | "data"> {
  /** The events, one after another. */
  readonly events: readonly SessionEvent[];
}

/** Finds a session that has not expired; one that should have is ended. */
export async function openSession(context: SessionContext, id: string): Promise<Result<Session, SessionRefusal>> {
  const record = await context.sessions.session(id);
  if (record === undefined) {
    return refuse("unknown", `There is no session ${JSON.stringify(id)}`, { hint: "Begin one: POST /api/sync/start" });
  }
  const session = readSession(record);
  const { status } = session;
  if (hasExpired(session, context.clock.now())) {
    await expireSession(context, session);
    return expired(id);
  }
  return status.state === "Failed" && status.error === expiredError ? expired(id) : ok(session);
}

/** Ends a session that nothing happened to for too long, and forgets what arrived for it. */
export async function expireSession(context: SessionContext, session: Session): Promise<void> {
  const change = { events: [{ type: "fail", error: expiredError }], lastError: expiredError, plan: [] } as const;
  if (await tryChange(context, session, change) !== undefined) {
    const { id, space, client } = session;
    context.events.emit("sync.failed", { space, session: id, client, error: expiredError });
  }
}

/**
 * Changes a session by what it is just then.
 *
 * @param decide What is to happen; `undefined` for nothing. It is asked again if somebody else changed the session meanwhile.
 * @returns The session afterwards.
 */
export async function changeSession(
  context: SessionContext,
  id: string,
  decide: (session: Session) => SessionChange | undefined | Promise<SessionChange | undefined>,
): Promise<Result<Session, SessionRefusal>> {
  while (true) {
    const session = await openSession(context, id);
    if (!session.ok) return session;
    const change = await decide(session.value);
    if (change === undefined) return session;
    const changed = await tryChange(context, session.value, change);
    if (changed !== undefined) return changed;
  }
}

/** Where an event leads to; refused if the state does not take it. */
export function advance(status: SessionStatus, event: SessionEvent): Result<SessionStatus, SessionRefusal> {
  const next = advanceSession(status, event);
  if (next.ok) return next;
  const { state, allowed } = next.error;
  const hint = state === "Idle" ? "Compare first: POST /api/sync/diff" : "Begin a new session: POST /api/sync/start";
  return refuse("out_of_turn", describeProtocolError(next.error), {
    hint,
    details: { state, event: event.type, allowed },
  });
}

/** Changes a session; `undefined` if somebody else did so since it was read. */
async function tryChange(
  context: SessionContext,
  session: Session,
  { events, ...update }: SessionChange,
): Promise<Result<Session, SessionRefusal> | undefined> {
  let { status } = session;
  const steps: { readonly from: SessionStatus; readonly to: SessionStatus }[] = [];
  for (const event of events) {
    const next = advance(status, event);
    if (!next.ok) return next;
    steps.push({ from: status, to: next.value });
    status = next.value;
  }
  const atMs = context.clock.now();
  const { id, space, client, tick } = session;
  if (!await context.sessions.update(id, { ...update, tick, atMs, ...encodeStatus(status) })) return undefined;
  for (const { from, to } of steps) {
    if (from.state === to.state) continue;
    const error = to.state === "Failed" ? { error: to.error } : {};
    context.events.emit("session.state_changed", {
      session: id,
      space,
      client,
      from: from.state,
      to: to.state,
      ...error,
    });
  }
  const { files = 0, bytes = 0, lastError } = update;
  return ok({
    ...session,
    status,
    tick: tick + 1,
    activeAtMs: atMs,
    filesSynced: session.filesSynced + files,
    bytesTransferred: session.bytesTransferred + bytes,
    lastError: lastError === undefined ? session.lastError : lastError ?? undefined,
  });
}

function expired(id: string): Result<never, SessionRefusal> {
  return refuse("expired", `The session ${JSON.stringify(id)} expired: ${expiredError.toLowerCase()}`, {
    hint: "Begin a new session: POST /api/sync/start",
  });
}

import { ok, type Result } from "../../core/mod.ts";
import { isFinal } from "../session.ts";
import { changeSession, openSession, type SessionChange } from "./change_session.ts";
import { commitDeletes } from "./commit_deletes.ts";
import type { SessionContext } from "./session_context.ts";
import type { Session } from "./session_record.ts";
import type { SessionRefusal } from "./session_refusal.ts";

/**
 * Does what is left to do once a file is done: when all uploads are through, the deletions, in one commit; when nothing is
 * left, the session is complete, and its client is known to hold what was synchronized.
 *
 * What a crash left undone is done by the next call, so it may be called at any time after the comparison.
 */
export async function settleSession(context: SessionContext, id: string): Promise<Result<Session, SessionRefusal>> {
  const session = await openSession(context, id);
  if (!session.ok || isFinal(session.value.status.state) || !isPlanned(session.value)) return session;
  const { upload, download, delete_remote } = await context.sessions.pending(id);
  // Counting takes a while where much is pending: most of the time there is nothing to decide.
  if (upload > 0 && session.value.status.state === "TransferringFiles") return session;
  if (upload === 0 && delete_remote > 0) {
    const deleted = await deleteRemote(context, id);
    if (!deleted.ok) return deleted;
  } else if (upload + download > 0) {
    const event = { type: "transfer", uploads: upload, downloads: download } as const;
    return await changeSession(context, id, (now) => isPlanned(now) ? { events: [event] } : undefined);
  }
  return await changeSession(context, id, (now) => nextStep(context, now));
}

async function deleteRemote(context: SessionContext, id: string): Promise<Result<void, SessionRefusal>> {
  const applying = await changeSession(context, id, () => ({ events: [{ type: "apply" }] }));
  if (!applying.ok) return applying;
  const paths = await context.sessions.paths(id, "delete_remote", { done: false, limit: Number.MAX_SAFE_INTEGER });
  const files = await commitDeletes(context, applying.value, paths);
  const settled = paths.map((path) => ({ ...path, done: true }));
  const done = await changeSession(context, id, (session) => {
    return isFinal(session.status.state) ? undefined : { events: [], settled, files };
  });
  return done.ok ? ok(undefined) : done;
}

async function nextStep(context: SessionContext, session: Session): Promise<SessionChange | undefined> {
  const { id, space, status } = session;
  if (isFinal(status.state) || !isPlanned(session)) return undefined;
  const { upload, download, delete_remote } = await context.sessions.pending(id);
  if (upload + download + delete_remote > 0) {
    const { state } = status;
    if (state === "TransferringFiles" && status.uploads === upload && status.downloads === download) return undefined;
    return { events: [{ type: "transfer", uploads: upload, downloads: download }] };
  }
  const head = await context.service.head(space);
  return { events: [{ type: "finish", revision: head?.revision ?? 0 }], holds: true, lastError: null };
}

/** Whether the session was compared: before that there is nothing to do, which does not mean that all is done. */
function isPlanned({ status: { state } }: Session): boolean {
  return state === "TransferringFiles" || state === "ResolvingConflicts" || state === "ApplyingChanges";
}

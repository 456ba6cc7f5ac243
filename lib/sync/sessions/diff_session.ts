import { err, ok, type Result, type SafePath } from "../../core/mod.ts";
import type { PathRole, SessionPath } from "../../metadata/sessions/mod.ts";
import type { SessionEvent } from "../session.ts";
import { advance, changeSession, openSession } from "./change_session.ts";
import { announceConflict } from "./commit_upload.ts";
import { guardDeletes } from "./guard_deletes.ts";
import { planSession, type SessionPlan } from "./plan_session.ts";
import type { Comparison, DiffRequest } from "./session_calls.ts";
import type { SessionContext } from "./session_context.ts";
import type { Session } from "./session_record.ts";
import type { SessionRefusal } from "./session_refusal.ts";
import { settleSession } from "./settle_session.ts";

/**
 * Compares what a client has with what its space holds, and plans what is to be done; without anything to do the session
 * is complete at once. Asked again, it plans anew, but what arrived of uploads stays.
 */
export async function diffSession(
  context: SessionContext,
  id: string,
  request: DiffRequest,
): Promise<Result<Comparison, SessionRefusal>> {
  const opened = await openSession(context, id);
  if (!opened.ok) return opened;
  const { client, space, status } = opened.value;
  if (status.state === "Complete") return await compareAgain(context, opened.value, request);
  const begun = await changeSession(
    context,
    id,
    () => ({ events: [{ type: "compare" }, { type: "request_metadata" }] }),
  );
  if (!begun.ok) return begun;
  const plan = await planSession(context, { ...request, client, space });
  const guarded = await guard(context, begun.value, { plan, confirmed: request.confirmedDeletes });
  if (!guarded.ok) {
    const { message } = guarded.error;
    const back = await changeSession(context, id, (now) => ({ events: [lookedUp(now)], lastError: message }));
    return back.ok ? guarded : back;
  }
  const { paths, conflicts } = plan;
  const planned = await changeSession(context, id, (now) => ({
    events: [
      lookedUp(now),
      ...(conflicts.length === 0 ? [] : [{ type: "resolve", conflicts: conflicts.length } as const]),
      { type: "transfer", uploads: openOf(paths, "upload").length, downloads: openOf(paths, "download").length },
    ],
    plan: paths,
    lastError: null,
  }));
  if (!planned.ok) return planned;
  for (const { path } of conflicts) announceConflict(context, planned.value, path);
  const settled = await settleSession(context, id);
  return settled.ok ? ok(comparison(settled.value, plan)) : settled;
}

/** The paths of a role, sorted. */
export function pathsOf(paths: readonly SessionPath[], role: PathRole): SafePath[] {
  return paths.filter((path) => path.role === role).map(({ path }) => path).sort();
}

/** Answers again, for a client that the first answer did not reach, that all is done; refused if it is not. */
async function compareAgain(
  context: SessionContext,
  session: Session,
  request: DiffRequest,
): Promise<Result<Comparison, SessionRefusal>> {
  const plan = await planSession(context, { ...request, client: session.client, space: session.space });
  if (plan.paths.every(({ done }) => done)) return ok(comparison(session, plan));
  const refused = advance(session.status, { type: "compare" });
  return refused.ok ? ok(comparison(session, plan)) : err(refused.error);
}

/** What tells that everything was looked up; another comparison of the same session may have done so meanwhile. */
function lookedUp({ status: { state } }: Session): SessionEvent {
  return { type: state === "RequestingMetadata" ? "receive_metadata" : "compare" };
}

async function guard(
  context: SessionContext,
  { space }: Session,
  { plan: { paths }, confirmed }: { readonly plan: SessionPlan; readonly confirmed: number | undefined },
): Promise<Result<void, SessionRefusal>> {
  const head = await context.service.head(space);
  const uploads = pathsOf(paths, "upload").length;
  return guardDeletes({ paths: pathsOf(paths, "delete_remote"), files: head?.files ?? 0, uploads, confirmed });
}

function openOf(paths: readonly SessionPath[], role: PathRole): SafePath[] {
  return pathsOf(paths.filter(({ done }) => !done), role);
}

function comparison(session: Session, { paths, conflicts }: SessionPlan): Comparison {
  return {
    session,
    uploads: pathsOf(paths, "upload"),
    downloads: openOf(paths, "download"),
    remoteDeletes: pathsOf(paths, "delete_remote"),
    localDeletes: pathsOf(paths, "delete_local"),
    conflicts,
  };
}

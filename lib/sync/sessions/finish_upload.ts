import { Failure, formatHash, type Hash, ok, type Result, type SafePath } from "../../core/mod.ts";
import type { SessionPath } from "../../metadata/sessions/mod.ts";
import { changeSession } from "./change_session.ts";
import { commitUpload, type PlacedUpload } from "./commit_upload.ts";
import { gatherUpload } from "./gather_upload.ts";
import type { FinishedFile } from "./session_calls.ts";
import type { SessionContext } from "./session_context.ts";
import type { Session } from "./session_record.ts";
import { refuse, type SessionRefusal } from "./session_refusal.ts";
import { settleSession } from "./settle_session.ts";

/** An upload of a session. */
export interface SessionUpload {
  /** The session. */
  readonly session: Session;
  /** What the session planned of the path. */
  readonly row: SessionPath;
}

/** Commits an upload all of whose pieces are there, and settles the session; told again, it only answers again. */
export async function finishUpload(
  context: SessionContext,
  upload: SessionUpload,
  expected: Hash,
): Promise<Result<FinishedFile, SessionRefusal>> {
  const { session, row } = upload;
  if (row.done && row.hash !== expected) return finalizedOtherwise(row);
  const outcome = row.done ? await settledAlready(context, upload) : await placeUpload(context, upload, expected);
  if (outcome.ok) return outcome;
  // The same request, sent twice, may have finalized the file meanwhile, and with it the session.
  const now = await context.sessions.path(session.id, row);
  const isDone = now !== undefined && now.done && now.hash === expected;
  return isDone ? ok(await finished(context, session, { row: now, added: false })) : outcome;
}

/** Answers for an upload that was done before. */
async function settledAlready(
  context: SessionContext,
  { session, row }: SessionUpload,
): Promise<Result<FinishedFile, SessionRefusal>> {
  const settled = await settleSession(context, session.id);
  return settled.ok ? ok(await finished(context, session, { row, added: false })) : settled;
}

async function placeUpload(
  context: SessionContext,
  { session, row }: SessionUpload,
  expected: Hash,
): Promise<Result<FinishedFile, SessionRefusal>> {
  const { id, space } = session;
  const { path } = row;
  const gathered = await gatherUpload(context, { session: id, path, expected });
  if (!gathered.ok) return gathered;
  const content = gathered.value;
  const applying = await changeSession(context, id, () => ({ events: [{ type: "apply" }] }));
  if (!applying.ok) return applying;
  const placed = await attempt(context, id, () => commitUpload(context, session, { row, content }));
  if (!placed.ok) return placed;
  await context.metadata.keepHash(content.manifest.contentId(), content.hash);
  const done = await settleUpload(context, session, { ...placed.value, row, hash: content.hash });
  if (!done.ok) return done;
  announceResolution(context, session, { row, placed: placed.value });
  const settled = await settleSession(context, id);
  if (!settled.ok) return settled;
  const now = await context.sessions.path(id, row);
  return ok(await finished(context, { space }, { row: now ?? row, added: placed.value.added }));
}

/** Notes that an upload is done; in a conflict the client is to fetch what lives at the path. */
async function settleUpload(
  context: SessionContext,
  { id, space }: Session,
  placed: PlacedUpload & { readonly row: SessionPath; readonly hash: Hash },
): Promise<Result<Session, SessionRefusal>> {
  const { row, path, version, hash } = placed;
  const isCopy = path !== row.path;
  const other = isCopy ? await context.service.get(space, row.path) : undefined;
  const key = { role: "download", path: row.path } as const;
  return await changeSession(context, id, async () => {
    const now = await context.sessions.path(id, row);
    if (now === undefined || now.done) return undefined;
    const fetched = other?.entry.kind === "file" && await context.sessions.path(id, key) === undefined;
    const download = { ...key, done: false, seen: other?.version ?? 0, held: 0, mtimeMs: 0 };
    const upload = { ...row, done: true, held: isCopy ? 0 : version, hash, copy: isCopy ? path : undefined };
    return {
      events: isCopy ? [{ type: "resolve", conflicts: 1 }, { type: "apply" }] : [],
      settled: fetched ? [upload, download] : [upload],
      files: 1,
      lastError: null,
    };
  });
}

/** Tells that a conflict is over, where there was one. */
function announceResolution(
  { events }: SessionContext,
  { id, space, client }: Session,
  { row: { path, copy }, placed }: { readonly row: SessionPath; readonly placed: PlacedUpload },
): void {
  const isCopy = placed.path !== path;
  if (!isCopy && copy === undefined) return;
  const outcome = isCopy ? { resolution: "both kept", copy: placed.path } : { resolution: "both sides were equal" };
  events.emit("conflict.resolved", { space, path, session: id, client, ...outcome });
}

/** Runs what may fail for reasons that lie with the server, and notes the reason; the client may try again. */
async function attempt<T>(context: SessionContext, id: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const lastError = cause instanceof Failure ? cause.message : "The server made a mistake";
    // Where even that cannot be noted, the first reason is the one to tell.
    await changeSession(context, id, () => ({ events: [], lastError })).catch(() => undefined);
    throw cause;
  }
}

/** What is known of a file that was uploaded. */
async function finished(
  { metadata }: SessionContext,
  { space }: { readonly space: string },
  { row, added }: { readonly row: SessionPath; readonly added: boolean },
): Promise<FinishedFile> {
  const path: SafePath = row.copy ?? row.path;
  const known = await metadata.get(space, path);
  if (known === undefined) {
    throw new Failure("not_found", `The file ${JSON.stringify(path)} was uploaded, and deleted since`);
  }
  return { metadata: known, added, conflictWith: row.copy === undefined ? undefined : row.path };
}

function finalizedOtherwise({ path, hash }: SessionPath): Result<never, SessionRefusal> {
  return refuse("out_of_turn", `The session finalized ${JSON.stringify(path)} with another hash`, {
    hint: "Compare again if the file changed since: POST /api/sync/diff",
    details: hash === undefined ? { file_path: path } : { file_path: path, hash: formatHash(hash) },
  });
}

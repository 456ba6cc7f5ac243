import { type Clock, formatHash, type Result } from "../core/mod.ts";
import { fileJson, timeJson } from "../metadata/json/mod.ts";
import { HttpError, type HttpRequest, json, type Router } from "../network/mod.ts";
import type {
  KnownSession,
  LocalFile,
  SessionRefusal,
  SessionReport,
  SessionService,
  SessionsQuery,
} from "../sync/sessions/mod.ts";
import { diffBody, finishBody, pieceBody, registerBody, startBody } from "./session_bodies.ts";
import { SuspectRequest } from "./suspect_request.ts";

/** What the routes of sessions stand on. */
export interface SessionRoutesOptions {
  readonly sessions: SessionService;
  /** The time of files that name none. */
  readonly clock: Clock;
}

const statuses: Readonly<Record<SessionRefusal["reason"], number>> = {
  unknown: 404,
  expired: 410,
  out_of_turn: 409,
  incomplete: 409,
  unconfirmed: 409,
  no_place: 409,
  too_large: 413,
  too_many: 429,
  wrong_content: 422,
};

/** How many sessions a list has unless told, and at most. */
const sessionsToldUsually = 100;
const sessionsToldMax = 1000;
/** When to come again after a limit, in seconds. */
const retryAfterSeconds = "60";

/**
 * Adds what people and scripts synchronize by, all in JSON:
 *
 * - `POST /api/register`: gives a client an id; `POST /api/sync/start`: begins a session and tells what is there.
 * - `POST /api/sync/diff`: tells what to send, fetch and delete.
 * - `POST /api/file/upload_chunk`, `POST /api/file/upload_complete`: sends a file in pieces, and commits it.
 * - `GET /api/sync/status?session_id=`: tells where a session stands; without it, of all sessions, also the runs of clients
 *   that carry whole folders, the newest first: of a `space`, of a `client_id`, at most `limit`.
 */
export function addSessionRoutes(router: Router, { sessions, clock }: SessionRoutesOptions): void {
  router.post("/api/register", async (request) => {
    const { id, name, platform, registeredAtMs } = done(await sessions.register(await registerBody(request)));
    return json({ client_id: id, client_name: name, platform, registered_at: timeJson(registeredAtMs) });
  });

  router.post("/api/sync/start", async (request) => {
    const { client, space } = await startBody(request);
    const { id, revision, files } = done(await sessions.start(client, space));
    const head = { session_id: id, client_id: client, space, revision };
    const body = snapshotJson(head, files);
    return { status: 200, headers: { "Content-Type": "application/json" }, body };
  });

  router.post("/api/sync/diff", async (request) => {
    const { session: id, ...wanted } = await diffBody(request, clock);
    const { session, uploads, downloads, remoteDeletes, localDeletes, conflicts } = done(
      await sessions.diff(id, wanted),
    );
    return json({
      session_id: id,
      state: session.status.state,
      files_to_upload: uploads,
      files_to_download: downloads,
      files_to_delete_remote: remoteDeletes,
      files_to_delete_local: localDeletes,
      conflicts: conflicts.map(({ path, copy }) => ({ file_path: path, copy_path: copy })),
    });
  });

  router.post("/api/file/upload_chunk", async (request) => {
    const { session, ...piece } = await pieceBody(request);
    const { received, missing } = done(await sessions.uploadPiece(session, piece));
    return json({ received, missing });
  });

  router.post("/api/file/upload_complete", async (request) => {
    const { session, ...finished } = await finishBody(request);
    const { metadata, added, conflictWith } = done(await sessions.finishUpload(session, finished));
    const conflict = conflictWith === undefined
      ? {}
      : { conflict: { file_path: conflictWith, copy_path: metadata.path } };
    return json({ ...fileJson(metadata), ...conflict }, { status: added ? 201 : 200 });
  });

  router.get("/api/sync/status", async (request) => {
    const id = request.query.get("session_id");
    if (id === "") throw new HttpError(400, "The query has session_id=ID, or no session_id for all sessions");
    if (id !== null) return json(reportJson(done(await sessions.status(id))));
    return json({ sessions: (await sessions.sessions(sessionsQuery(request))).map(knownJson) });
  });
}

/** What a call gave; throws the problem that a refusal is. */
export function done<T>(outcome: Result<T, SessionRefusal>): T {
  if (outcome.ok) return outcome.value;
  const { reason, message, hint, details } = outcome.error;
  const options = {
    extensions: { ...details, reason, ...(hint === undefined ? {} : { hint }) },
    ...(reason === "too_many" ? { headers: { "Retry-After": retryAfterSeconds } } : {}),
  };
  if (reason === "wrong_content") throw new SuspectRequest("bad_chunks", statuses[reason], message, options);
  throw new HttpError(statuses[reason], message, options);
}

/** Which sessions a request asks for; throws a 400 for what makes no sense. */
function sessionsQuery({ query }: HttpRequest): SessionsQuery {
  // What is misspelled would pass for all sessions.
  const other = query.keys().find((name) => !["space", "client_id", "limit"].includes(name));
  if (other !== undefined) throw new HttpError(400, `There is no parameter ${JSON.stringify(other)}`);
  const text = query.get("limit") ?? String(sessionsToldUsually);
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > sessionsToldMax) {
    throw new HttpError(400, `The query has limit=NUMBER from 1 to ${sessionsToldMax}, got ${JSON.stringify(text)}`);
  }
  return { space: query.get("space") ?? undefined, client: query.get("client_id") ?? undefined, limit };
}

function reportJson({ uploads, downloads, remoteDeletes, ...known }: SessionReport): Record<string, unknown> {
  if (known.direction !== undefined) return knownJson(known);
  return {
    ...knownJson(known),
    pending_uploads: uploads,
    pending_downloads: downloads,
    pending_deletes: remoteDeletes,
  };
}

function knownJson({ session, direction }: KnownSession): Record<string, unknown> {
  const { id, client, space, status, lastError } = session;
  return {
    session_id: id,
    state: status.state,
    files_synced: session.filesSynced,
    bytes_transferred: session.bytesTransferred,
    started_at: timeJson(session.startedAtMs),
    last_error: lastError ?? null,
    client_id: client,
    space,
    active_at: timeJson(session.activeAtMs),
    kind: direction === undefined ? "api" : "client",
    ...(direction === undefined ? {} : { direction }),
    ...(status.state === "Complete" ? { revision: status.revision } : {}),
  };
}

/** How many files are written at once. */
const filesPerPiece = 500;

/** The members of a session that begins and, last of them, its files, file by file: there may be any number of them. */
async function* snapshotJson(
  head: Readonly<Record<string, unknown>>,
  files: AsyncIterable<LocalFile>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let texts: string[] = [];
  let before = `${JSON.stringify(head).slice(0, -1)},"server_snapshot":[`;
  for await (const { path, hash, size, version, mtimeMs, mtimeRestNs } of files) {
    const file = {
      file_path: path,
      hash: formatHash(hash),
      size,
      version,
      modified_time: timeJson(mtimeMs, mtimeRestNs),
    };
    texts.push(before, JSON.stringify(file));
    before = ",";
    if (texts.length < 2 * filesPerPiece) continue;
    yield encoder.encode(texts.join(""));
    texts = [];
  }
  if (before !== ",") texts.push(before);
  yield encoder.encode(`${texts.join("")}]}`);
}

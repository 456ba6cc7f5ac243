import { ok, type Result, type SafePath, sha256 } from "../../core/mod.ts";
import type { RunRecord } from "../../metadata/replicas/mod.ts";
import type { PathRole, SessionPath, SessionRecord } from "../../metadata/sessions/mod.ts";
import { isFinal, sessionStates } from "../session.ts";
import { encodeStatus } from "../session_form.ts";
import { advance, changeSession, expireSession, openSession } from "./change_session.ts";
import { diffSession, pathsOf } from "./diff_session.ts";
import { finishUpload } from "./finish_upload.ts";
import { missingOf } from "./gather_upload.ts";
import type {
  Comparison,
  DiffRequest,
  FinishedFile,
  FinishRequest,
  KnownSession,
  NewClient,
  PieceRequest,
  ReceivedPieces,
  RegisteredClient,
  SessionReport,
  SessionsQuery,
  StartedSession,
} from "./session_calls.ts";
import type { SessionContext } from "./session_context.ts";
import {
  clientKeptMs,
  clientsMax,
  pieceBytesMax,
  sessionIdleMsMax,
  sessionKeptMs,
  sessionPiecesMax,
  sessionsMax,
  sessionsPerClientMax,
  snapshotFilesMax,
  uploadPiecesMax,
} from "./session_limits.ts";
import { expiredError, hasExpired, readSession, type Session } from "./session_record.ts";
import { refuse, type SessionRefusal } from "./session_refusal.ts";
import { settleSession } from "./settle_session.ts";
import { snapshotFiles } from "./snapshot_files.ts";
import { storePiece } from "./store_piece.ts";

const finalStates = sessionStates.filter(isFinal);
/** How many characters of a client's id are beyond guessing. */
const clientIdUnits = 12;
/** How many expired sessions are ended when a new one begins. */
const expiredAtOnceMax = 20;
/** How many paths a report names of each kind. */
const reportedPathsMax = 1000;

/**
 * Runs the sessions of clients that synchronize file by file: people and scripts with the JSON API. All state is in the
 * stores, so any process that has them open can take the next call of a session, also after a crash.
 *
 * Every call may be repeated: what was done before is told again and not done twice.
 */
export class SessionService {
  readonly #context: SessionContext;

  /** Takes the stores as they are; opening and closing them stays with the caller. */
  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** Gives a client an id; each call another one. */
  async register({ name, platform }: NewClient): Promise<Result<RegisteredClient, SessionRefusal>> {
    const { sessions, clock, events, newId } = this.#context;
    const client = {
      id: `${name}-${newId().replaceAll("-", "").slice(0, clientIdUnits)}`,
      name,
      platform,
      registeredAtMs: clock.now(),
    };
    if (!await sessions.addClient(client, clientsMax)) {
      return refuse("too_many", `${clientsMax} clients are registered already`);
    }
    events.emit("client.registered", { client: client.id, name, platform });
    return ok(client);
  }

  /** Begins a session of a client with a space, and tells what lives there. */
  async start(clientId: string, space: string): Promise<Result<StartedSession, SessionRefusal>> {
    const { sessions, service, clock, events, newId } = this.#context;
    await this.#sweep();
    const client = await sessions.client(clientId);
    if (client === undefined) {
      return refuse("unknown", `There is no client ${JSON.stringify(clientId)}`, {
        hint: "Get an id: POST /api/register",
      });
    }
    const head = await service.head(space);
    if (head === undefined) return refuse("unknown", `There is no space ${JSON.stringify(space)}`);
    const id = newId();
    const begun = { id, client: client.id, space, startedAtMs: clock.now(), ...encodeStatus({ state: "Idle" }) };
    const limits = { finalStates, perClientMax: sessionsPerClientMax, totalMax: sessionsMax };
    const full = await sessions.addSession(begun, limits);
    if (full !== undefined) {
      const whose = full === "client"
        ? `The client ${JSON.stringify(client.id)} has ${sessionsPerClientMax}`
        : `There are ${sessionsMax}`;
      return refuse("too_many", `${whose} open sessions already`, { hint: "Finish one, or let it expire" });
    }
    events.emit("sync.started", { space, session: id, client: client.id, direction: "sync" });
    return ok({ id, space, revision: head.revision, files: snapshotFiles(this.#context, space) });
  }

  /** Compares what a client has with what its space holds, and tells what is to be done. */
  async diff(id: string, request: DiffRequest): Promise<Result<Comparison, SessionRefusal>> {
    if (request.files.length > snapshotFilesMax) {
      return refuse("too_large", `${request.files.length} files are listed, at most ${snapshotFilesMax} may be`);
    }
    return await diffSession(this.#context, id, request);
  }

  /** Takes in a piece of a file that is to be uploaded. */
  async uploadPiece(id: string, request: PieceRequest): Promise<Result<ReceivedPieces, SessionRefusal>> {
    const { sessions, chunks, clock, events } = this.#context;
    const { path, index, total, bytes } = request;
    if (bytes.length > pieceBytesMax) {
      return refuse("too_large", `A chunk has ${bytes.length} bytes, at most ${pieceBytesMax} may be`);
    }
    if (total > uploadPiecesMax) {
      return refuse("too_large", `The file has ${total} chunks, at most ${uploadPiecesMax} may be`, {
        hint: `Make the chunks larger: up to ${pieceBytesMax} bytes each`,
      });
    }
    const upload = await this.#uploadOf(id, path);
    if (!upload.ok) return upload;
    const { session, row } = upload.value;
    if (row.done) return ok({ received: missingOf(new Set(), total), missing: [] });
    if (sha256(bytes) !== request.hash) {
      return refuse("wrong_content", `Chunk ${index} of ${JSON.stringify(path)} has another hash than its chunk_hash`, {
        hint: "Send it again: chunk_hash is the SHA-256 of the bytes, not of their hexadecimal digits",
        details: { chunk_hash: `sha256:${sha256(bytes)}` },
      });
    }
    const piece = { path, index, total, chunks: await storePiece(chunks, bytes), atMs: clock.now() };
    const receipt = await sessions.putPiece(id, { ...piece, piecesMax: sessionPiecesMax });
    if (receipt === undefined) {
      return refuse("too_many", `The session has ${sessionPiecesMax} chunks of unfinished files already`, {
        hint: "Finalize some files first",
      });
    }
    const { received, added } = receipt;
    const from = { space: session.space, session: id, client: session.client, path };
    if (added && received.length === 1) events.emit("upload.started", { ...from, chunks: total });
    if (added) events.emit("upload.chunk_received", { ...from, hash: request.hash, size: bytes.length, index });
    return ok({ received, missing: missingOf(new Set(received), total) });
  }

  /** Puts the pieces of a file together, compares the whole with its hash, and commits it. */
  async finishUpload(id: string, request: FinishRequest): Promise<Result<FinishedFile, SessionRefusal>> {
    const upload = await this.#uploadOf(id, request.path);
    return upload.ok ? await finishUpload(this.#context, upload.value, request.expected) : upload;
  }

  /** Where a session stands. */
  async status(id: string): Promise<Result<SessionReport, SessionRefusal>> {
    const { sessions, replicas } = this.#context;
    // What was left undone by a crash is done now: the client may wait for it.
    const session = await settleSession(this.#context, id);
    if (!session.ok) {
      const run = session.error.reason === "unknown" ? await replicas?.run(id) : undefined;
      return run === undefined ? session : ok({ ...this.#known(run), uploads: [], downloads: [], remoteDeletes: [] });
    }
    const pending = async (role: PathRole) =>
      pathsOf(await sessions.paths(id, role, { done: false, limit: reportedPathsMax }), role);
    return ok({
      session: session.value,
      uploads: await pending("upload"),
      downloads: await pending("download"),
      remoteDeletes: await pending("delete_remote"),
    });
  }

  /** The sessions of both kinds that were heard of lately, the newest first. */
  async sessions(query: SessionsQuery): Promise<KnownSession[]> {
    const { sessions, replicas, clock } = this.#context;
    const recent = { ...query, sinceMs: clock.now() - sessionKeptMs };
    const found = [...await sessions.recent(recent), ...await replicas?.runs(recent) ?? []];
    const known = found.map((record) => this.#known(record));
    return known.sort((a, b) => b.session.activeAtMs - a.session.activeAtMs).slice(0, query.limit);
  }

  /** The session for which a file is to be downloaded. */
  session(id: string): Promise<Result<Session, SessionRefusal>> {
    return openSession(this.#context, id);
  }

  /** Notes that a session's client was answered with a version of a file. */
  async downloaded(
    id: string,
    path: SafePath,
    file: { readonly version: number; readonly size: number },
  ): Promise<void> {
    const { sessions } = this.#context;
    const row = await sessions.path(id, { role: "download", path });
    if (row === undefined || row.done) return;
    const settled = [{ ...row, done: true, held: file.version }];
    const noted = await changeSession(this.#context, id, async () => {
      const now = await sessions.path(id, row);
      return now === undefined || now.done ? undefined : { events: [], settled, files: 1, bytes: file.size };
    });
    if (noted.ok) await settleSession(this.#context, id);
  }

  /** The upload of a path in a session that takes it now. */
  async #uploadOf(
    id: string,
    path: SafePath,
  ): Promise<Result<{ readonly session: Session; readonly row: SessionPath }, SessionRefusal>> {
    const session = await openSession(this.#context, id);
    if (!session.ok) return session;
    const row = await this.#context.sessions.path(id, { role: "upload", path });
    if (row?.done === true) return ok({ session: session.value, row });
    const taken = advance(session.value.status, { type: "transfer", uploads: 0, downloads: 0 });
    if (!taken.ok) return taken;
    if (row !== undefined) return ok({ session: session.value, row });
    return refuse("out_of_turn", `The session does not expect ${JSON.stringify(path)}: it is not in files_to_upload`, {
      hint: "Compare again with the file in local_snapshot: POST /api/sync/diff",
      details: { file_path: path },
    });
  }

  /** A session as it is now: one that expired is over, whether or not that is written down. */
  #known(record: SessionRecord | RunRecord): KnownSession {
    const { direction, ...rest } = "direction" in record ? { ...record, tick: 0 } : { ...record, direction: undefined };
    const read = readSession(rest);
    const over = { status: { state: "Failed", error: expiredError }, lastError: expiredError } as const;
    const session = hasExpired(read, this.#context.clock.now()) ? { ...read, ...over } : read;
    return direction === undefined ? { session } : { session, direction };
  }

  /** Ends sessions that expired, and forgets what is old. */
  async #sweep(): Promise<void> {
    const { sessions, clock } = this.#context;
    const now = clock.now();
    const query = { beforeMs: now - sessionIdleMsMax, finalStates, limit: expiredAtOnceMax };
    for (const record of await sessions.resting(query)) await expireSession(this.#context, readSession(record));
    await sessions.forget({ sessionsBeforeMs: now - sessionKeptMs, clientsBeforeMs: now - clientKeptMs });
  }
}

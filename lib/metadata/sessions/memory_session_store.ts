import type { SafePath } from "../../core/mod.ts";
import type { Manifest } from "../manifest.ts";
import {
  type ClientRecord,
  type CopyChange,
  type ForgottenAge,
  type NewPiece,
  type NewSession,
  type PathKey,
  type PathRole,
  pathRoles,
  type PathSelection,
  type PieceReceipt,
  type RecentQuery,
  type RestingQuery,
  type SessionLimits,
  type SessionPath,
  type SessionRecord,
  type SessionStore,
  type SessionUpdate,
  type Upload,
} from "./session_store.ts";

interface MemoryUpload {
  readonly total: number;
  readonly pieces: Map<number, Manifest>;
}

interface MemorySession {
  record: SessionRecord;
  paths: Map<string, SessionPath>;
  readonly uploads: Map<SafePath, MemoryUpload>;
}

/** A {@linkcode SessionStore} in memory: for tests, and for trying things out. */
export class MemorySessionStore implements SessionStore {
  readonly #clients = new Map<string, { readonly record: ClientRecord; seenAtMs: number }>();
  readonly #sessions = new Map<string, MemorySession>();
  readonly #held = new Map<string, Map<SafePath, number>>();

  /** Remembers a client. */
  addClient(client: ClientRecord, clientsMax: number): Promise<boolean> {
    if (this.#clients.size >= clientsMax) return Promise.resolve(false);
    this.#clients.set(client.id, { record: client, seenAtMs: client.registeredAtMs });
    return Promise.resolve(true);
  }

  /** The client of an id. */
  client(id: string): Promise<ClientRecord | undefined> {
    return Promise.resolve(this.#clients.get(id)?.record);
  }

  /** The clients heard of last. */
  clients(limit: number): Promise<ClientRecord[]> {
    const all = [...this.#clients.values()].sort((a, b) =>
      a.seenAtMs - b.seenAtMs || (a.record.id < b.record.id ? -1 : 1)
    );
    return Promise.resolve(all.slice(-limit).map(({ record }) => record));
  }

  /** Begins a session. */
  addSession(session: NewSession, limits: SessionLimits): Promise<"client" | "total" | undefined> {
    const open = [...this.#sessions.values()].filter(({ record }) => !limits.finalStates.includes(record.state));
    if (open.filter(({ record }) => record.client === session.client).length >= limits.perClientMax) {
      return Promise.resolve("client");
    }
    if (open.length >= limits.totalMax) return Promise.resolve("total");
    const record = {
      ...session,
      tick: 0,
      activeAtMs: session.startedAtMs,
      filesSynced: 0,
      bytesTransferred: 0,
      lastError: undefined,
    };
    this.#sessions.set(session.id, { record, paths: new Map(), uploads: new Map() });
    const client = this.#clients.get(session.client);
    if (client !== undefined) client.seenAtMs = session.startedAtMs;
    return Promise.resolve(undefined);
  }

  /** The session of an id. */
  session(id: string): Promise<SessionRecord | undefined> {
    return Promise.resolve(this.#sessions.get(id)?.record);
  }

  /** Changes a session, if nobody did so since it was read. */
  update(id: string, update: SessionUpdate): Promise<boolean> {
    const session = this.#sessions.get(id);
    if (session === undefined || session.record.tick !== update.tick) return Promise.resolve(false);
    const { plan, settled = [], lastError, files = 0, bytes = 0 } = update;
    if (plan !== undefined) {
      session.paths = new Map(plan.map((path) => [keyOf(path), path]));
      for (const path of session.uploads.keys()) {
        if (session.paths.get(keyOf({ role: "upload", path }))?.done !== false) session.uploads.delete(path);
      }
    }
    for (const path of settled) {
      session.paths.set(keyOf(path), path);
      if (path.role === "upload" && path.done) session.uploads.delete(path.path);
    }
    const { record } = session;
    session.record = {
      ...record,
      tick: record.tick + 1,
      activeAtMs: update.atMs,
      state: update.state,
      data: update.data,
      lastError: lastError === undefined ? record.lastError : lastError ?? undefined,
      filesSynced: record.filesSynced + files,
      bytesTransferred: record.bytesTransferred + bytes,
    };
    if (update.holds === true) this.#hold(session);
    return Promise.resolve(true);
  }

  /** What a session has to do with a path in a role. */
  path(id: string, key: PathKey): Promise<SessionPath | undefined> {
    return Promise.resolve(this.#sessions.get(id)?.paths.get(keyOf(key)));
  }

  /** Paths of a role. */
  paths(id: string, role: PathRole, { done, limit }: PathSelection): Promise<SessionPath[]> {
    const paths = this.#sessions.get(id)?.paths.values() ?? [];
    const found = [...paths].filter((path) => path.role === role && (done === undefined || path.done === done));
    return Promise.resolve(found.slice(0, limit));
  }

  /** How many paths of each role are not done. */
  pending(id: string): Promise<Readonly<Record<PathRole, number>>> {
    const counts = noPaths();
    for (const { role, done } of this.#sessions.get(id)?.paths.values() ?? []) if (!done) counts[role]++;
    return Promise.resolve(counts);
  }

  /** Settles under which name an upload goes into the space. */
  nameCopy(id: string, path: SafePath, { from, to }: CopyChange): Promise<SafePath> {
    const session = this.#sessions.get(id);
    const upload = session?.paths.get(keyOf({ role: "upload", path }));
    if (session === undefined || upload === undefined || upload.copy !== from) {
      return Promise.resolve(upload?.copy ?? path);
    }
    session.paths.set(keyOf(upload), { ...upload, copy: to });
    return Promise.resolve(to);
  }

  /** Keeps one piece of an upload. */
  putPiece(id: string, piece: NewPiece): Promise<PieceReceipt | undefined> {
    const { path, index, total, chunks, atMs, piecesMax } = piece;
    const session = this.#sessions.get(id);
    if (session === undefined) return Promise.resolve(undefined);
    const known = session.uploads.get(path);
    const upload = known?.total === total ? known : { total, pieces: new Map<number, Manifest>() };
    const before = upload.pieces.get(index);
    let pieces = 0;
    for (const [other, { pieces: { size } }] of session.uploads) if (other !== path) pieces += size;
    if (before === undefined && pieces + upload.pieces.size >= piecesMax) return Promise.resolve(undefined);
    upload.pieces.set(index, chunks);
    session.uploads.set(path, upload);
    const added = before?.contentId() !== chunks.contentId();
    const bytes = added ? chunks.size : 0;
    const { record } = session;
    session.record = { ...record, activeAtMs: atMs, bytesTransferred: record.bytesTransferred + bytes };
    return Promise.resolve({ received: [...upload.pieces.keys()].sort((a, b) => a - b), added });
  }

  /** What arrived of an upload. */
  upload(id: string, path: SafePath): Promise<Upload | undefined> {
    const upload = this.#sessions.get(id)?.uploads.get(path);
    if (upload === undefined) return Promise.resolve(undefined);
    const pieces = [...upload.pieces].sort(([a], [b]) => a - b).map(([index, chunks]) => ({ index, chunks }));
    return Promise.resolve({ total: upload.total, pieces });
  }

  /** Forgets pieces of an upload. */
  dropPieces(id: string, path: SafePath, indexes?: readonly number[]): Promise<void> {
    const uploads = this.#sessions.get(id)?.uploads;
    if (indexes === undefined) uploads?.delete(path);
    else for (const index of indexes) uploads?.get(path)?.pieces.delete(index);
    return Promise.resolve();
  }

  /** Which version of which path a client held. */
  held(client: string, space: string): Promise<Map<SafePath, number>> {
    return Promise.resolve(new Map(this.#held.get(heldKey(client, space))));
  }

  /** The sessions that rest since before a time. */
  resting({ beforeMs, finalStates, limit }: RestingQuery): Promise<SessionRecord[]> {
    const records = [...this.#sessions.values()].map(({ record }) => record);
    const found = records.filter(({ state, activeAtMs }) => activeAtMs < beforeMs && !finalStates.includes(state));
    return Promise.resolve(found.slice(0, limit));
  }

  /** Sessions to which anything happened lately. */
  recent(query: RecentQuery): Promise<SessionRecord[]> {
    return Promise.resolve(mostRecent(this.#sessions.values().map(({ record }) => record), query));
  }

  /** Forgets old sessions and clients. */
  forget({ sessionsBeforeMs, clientsBeforeMs }: ForgottenAge): Promise<void> {
    for (const [id, { record }] of this.#sessions) if (record.activeAtMs < sessionsBeforeMs) this.#sessions.delete(id);
    const busy = new Set([...this.#sessions.values()].map(({ record }) => record.client));
    for (const [id, { seenAtMs }] of this.#clients) {
      if (seenAtMs >= clientsBeforeMs || busy.has(id)) continue;
      this.#clients.delete(id);
      for (const key of this.#held.keys()) if (key.startsWith(heldKey(id, ""))) this.#held.delete(key);
    }
    return Promise.resolve();
  }

  /** Does nothing; there is nothing to close. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #hold({ record: { client, space }, paths }: MemorySession): void {
    const held = new Map<SafePath, number>();
    for (const [key, { role, path, done, held: version }] of paths) {
      if (done && version > 0) held.set(path, version);
      if (role !== "upload") paths.delete(key);
    }
    this.#held.set(heldKey(client, space), held);
  }
}

/** The records of a query, as `SessionStore.recent` gives them. */
export function mostRecent<R extends Omit<SessionRecord, "tick">>(
  records: Iterable<R>,
  { sinceMs, space, client, limit }: RecentQuery,
): R[] {
  const wanted = [...records].filter((record) =>
    record.activeAtMs >= sinceMs && (space ?? record.space) === record.space &&
    (client ?? record.client) === record.client
  );
  return wanted.sort((a, b) => b.activeAtMs - a.activeAtMs || (a.id < b.id ? -1 : 1)).slice(0, limit);
}

/** No path in any role, to count on from. */
export function noPaths(): Record<PathRole, number> {
  return { same: 0, upload: 0, download: 0, delete_remote: 0, delete_local: 0 };
}

/** Roles have no slash in them. */
function keyOf({ role, path }: PathKey): string {
  return `${pathRoles.indexOf(role)}/${path}`;
}

/** Ids of clients have no line breaks in them. */
function heldKey(client: string, space: string): string {
  return `${client}\n${space}`;
}

import type { SafePath } from "../../core/mod.ts";
import { openSqliteDatabase } from "../store/open_sqlite_database.ts";
import type { Columns, SqliteDatabase } from "../store/sqlite_database.ts";
import { sqliteFailure } from "../store/sqlite_failure.ts";
import type { SqliteStoreOptions } from "../store/sqlite_store.ts";
import { asInteger, asText } from "../store/sqlite_value.ts";
import { noPaths } from "./memory_session_store.ts";
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
import { decodePath, decodeSession, pathColumns, recentRows, sessionColumns } from "./sqlite_session_row.ts";
import { dropPieces, putPiece, readUpload } from "./sqlite_uploads.ts";
import { updateSession } from "./sqlite_update.ts";

const defaultBusyTimeoutMs = 10_000;

/**
 * Opens the sessions that lie in the same SQLite file as a `SqliteMetadataStore`; any number of processes and workers may.
 *
 * @param path Where the database lies; it is created if there is none.
 * @throws {Failure} as `openSqliteStore` does.
 */
export function openSqliteSessionStore(path: string, options: SqliteStoreOptions = {}): SqliteSessionStore {
  return new SqliteSessionStore(path, options);
}

/** A {@linkcode SessionStore} in SQLite. Made by {@linkcode openSqliteSessionStore}. */
export class SqliteSessionStore implements SessionStore {
  readonly #path: string;
  readonly #database: SqliteDatabase;

  /** Opens the database; see {@linkcode openSqliteSessionStore}. */
  constructor(path: string, { busyTimeoutMs = defaultBusyTimeoutMs, bytesMax }: SqliteStoreOptions = {}) {
    this.#path = path;
    this.#database = openSqliteDatabase(path, bytesMax === undefined ? { busyTimeoutMs } : { busyTimeoutMs, bytesMax });
  }

  /** Remembers a client. */
  addClient(client: ClientRecord, clientsMax: number): Promise<boolean> {
    return this.#write((database) => {
      if (count(database, "SELECT count(*) FROM client") >= clientsMax) return false;
      const { id, name, platform, registeredAtMs } = client;
      const sql = "INSERT INTO client (id, name, platform, registered_at, seen_at) VALUES (?, ?, ?, ?, ?)";
      database.run(sql, id, name, platform, registeredAtMs, registeredAtMs);
      return true;
    });
  }

  /** The client of an id. */
  client(id: string): Promise<ClientRecord | undefined> {
    return this.#read((database) => {
      const row = database.row("SELECT id, name, platform, registered_at FROM client WHERE id = ?", id);
      return row && decodeClient(row);
    });
  }

  /** The clients heard of last. */
  clients(limit: number): Promise<ClientRecord[]> {
    return this.#read((database) => {
      const sql = "SELECT id, name, platform, registered_at FROM client ORDER BY seen_at DESC, id DESC LIMIT ?";
      return database.rows(sql, limit).map(decodeClient).reverse();
    });
  }

  /** Begins a session. */
  addSession(session: NewSession, limits: SessionLimits): Promise<"client" | "total" | undefined> {
    return this.#write((database) => {
      const open = "SELECT count(*) FROM session WHERE state NOT IN (SELECT value FROM json_each(?))";
      const final = JSON.stringify(limits.finalStates);
      const { id, client, space, startedAtMs, state, data } = session;
      if (count(database, `${open} AND client = ?`, final, client) >= limits.perClientMax) return "client";
      if (count(database, open, final) >= limits.totalMax) return "total";
      database.run(
        `INSERT INTO session (id, client, space, started_at, active_at, state, data, tick, files, bytes, pieces)
         VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, 0, 0, 0, 0)`,
        id,
        client,
        space,
        startedAtMs,
        state,
        data,
      );
      database.run("UPDATE client SET seen_at = ? WHERE id = ?", startedAtMs, client);
      return undefined;
    });
  }

  /** The session of an id. */
  session(id: string): Promise<SessionRecord | undefined> {
    return this.#read((database) => {
      const row = database.row(`SELECT ${sessionColumns} FROM session WHERE id = ?`, id);
      return row && decodeSession(row);
    });
  }

  /** Changes a session, if nobody did so since it was read. */
  update(id: string, update: SessionUpdate): Promise<boolean> {
    return this.#write((database) => updateSession(database, id, update));
  }

  /** What a session has to do with a path in a role. */
  path(id: string, { role, path }: PathKey): Promise<SessionPath | undefined> {
    return this.#read((database) => {
      const sql = `SELECT ${pathColumns} FROM session_path WHERE session = ? AND role = ? AND path = ?`;
      const row = database.row(sql, id, pathRoles.indexOf(role), path);
      return row && decodePath(row);
    });
  }

  /** Paths of a role. */
  paths(id: string, role: PathRole, { done, limit }: PathSelection): Promise<SessionPath[]> {
    return this.#read((database) => {
      const sql = `SELECT ${pathColumns} FROM session_path
        WHERE session = ?1 AND role = ?2 AND (?3 IS NULL OR done = ?3) LIMIT ?4`;
      const wanted = done === undefined ? null : Number(done);
      return database.rows(sql, id, pathRoles.indexOf(role), wanted, limit).map(decodePath);
    });
  }

  /** How many paths of each role are not done. */
  pending(id: string): Promise<Readonly<Record<PathRole, number>>> {
    return this.#read((database) => {
      const counts = noPaths();
      const sql = "SELECT role, count(*) FROM session_path WHERE session = ? AND done = 0 GROUP BY role";
      for (const [role, number] of database.rows(sql, id)) counts[pathRoles[asInteger(role)]!] = asInteger(number);
      return counts;
    });
  }

  /** Settles under which name an upload goes into the space. */
  nameCopy(id: string, path: SafePath, { from, to }: CopyChange): Promise<SafePath> {
    return this.#write((database) => {
      const where = "session = ? AND role = ? AND path = ?";
      const key = [id, pathRoles.indexOf("upload"), path] as const;
      database.run(`UPDATE session_path SET copy = ? WHERE ${where} AND copy IS ?`, to, ...key, from ?? null);
      const named = database.row(`SELECT copy FROM session_path WHERE ${where}`, ...key)?.[0] ?? null;
      return named === null ? path : asText(named) as SafePath;
    });
  }

  /** Keeps one piece of an upload. */
  putPiece(id: string, piece: NewPiece): Promise<PieceReceipt | undefined> {
    return this.#write((database) => putPiece(database, id, piece));
  }

  /** What arrived of an upload. */
  upload(id: string, path: SafePath): Promise<Upload | undefined> {
    return this.#read((database) => {
      using _ = database.snapshot();
      return readUpload(database, id, path);
    });
  }

  /** Forgets pieces of an upload. */
  dropPieces(id: string, path: SafePath, indexes?: readonly number[]): Promise<void> {
    return this.#write((database) => dropPieces(database, { id, path, indexes }));
  }

  /** Which version of which path a client held. */
  held(client: string, space: string): Promise<Map<SafePath, number>> {
    return this.#read((database) => {
      const rows = database.rows("SELECT path, version FROM held WHERE client = ? AND space = ?", client, space);
      return new Map(rows.map(([path, version]) => [asText(path) as SafePath, asInteger(version)]));
    });
  }

  /** The sessions that rest since before a time. */
  resting({ beforeMs, finalStates, limit }: RestingQuery): Promise<SessionRecord[]> {
    return this.#read((database) => {
      const sql = `SELECT ${sessionColumns} FROM session
        WHERE active_at < ? AND state NOT IN (SELECT value FROM json_each(?)) LIMIT ?`;
      return database.rows(sql, beforeMs, JSON.stringify(finalStates), limit).map(decodeSession);
    });
  }

  /** Sessions to which anything happened lately. */
  recent(query: RecentQuery): Promise<SessionRecord[]> {
    return this.#read((database) =>
      database.rows(...recentRows(`SELECT ${sessionColumns} FROM session`, query)).map(decodeSession)
    );
  }

  /** Forgets old sessions and clients. */
  forget({ sessionsBeforeMs, clientsBeforeMs }: ForgottenAge): Promise<void> {
    return this.#write((database) => {
      database.run("DELETE FROM session WHERE active_at < ?", sessionsBeforeMs);
      const old = "seen_at < ? AND NOT EXISTS (SELECT 1 FROM session WHERE session.client = client.id)";
      database.run(`DELETE FROM client WHERE ${old}`, clientsBeforeMs);
    });
  }

  /** Closes the database. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#attempt("close", (database) => database[Symbol.dispose]());
  }

  #read<T>(work: (database: SqliteDatabase) => T): Promise<T> {
    return this.#attempt("read", work);
  }

  #write<T>(work: (database: SqliteDatabase) => T): Promise<T> {
    return this.#attempt("write to", (database) => database.writing(() => work(database)));
  }

  #attempt<T>(verb: string, work: (database: SqliteDatabase) => T): Promise<T> {
    try {
      return Promise.resolve(work(this.#database));
    } catch (cause) {
      return Promise.reject(sqliteFailure(`${verb} ${JSON.stringify(this.#path)}`, cause));
    }
  }
}

function count(database: SqliteDatabase, sql: string, ...parameters: string[]): number {
  return asInteger(database.row(sql, ...parameters)?.[0]);
}

function decodeClient(row: Columns): ClientRecord {
  return { id: asText(row[0]), name: asText(row[1]), platform: asText(row[2]), registeredAtMs: asInteger(row[3]) };
}

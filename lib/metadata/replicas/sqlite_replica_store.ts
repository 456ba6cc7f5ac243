import type { RecentQuery } from "../sessions/mod.ts";
import { recentRows } from "../sessions/sqlite_session_row.ts";
import { openSqliteDatabase } from "../store/open_sqlite_database.ts";
import type { Columns, SqliteDatabase } from "../store/sqlite_database.ts";
import { sqliteFailure } from "../store/sqlite_failure.ts";
import { asInteger, asText } from "../store/sqlite_value.ts";
import {
  type FailedReport,
  type ReachedReport,
  type ReplicaRecord,
  replicasMax,
  type ReplicaStore,
  type RunDirection,
  type RunRecord,
} from "./replica_store.ts";

const busyTimeoutMs = 10_000;

/**
 * Opens what is remembered of replicas in the same SQLite file as a `SqliteMetadataStore`; any number of processes and
 * workers may.
 *
 * @param path Where the database lies; it is created if there is none.
 * @throws {Failure} as `openSqliteStore` does.
 */
export function openSqliteReplicaStore(path: string): SqliteReplicaStore {
  return new SqliteReplicaStore(path);
}

/** A {@linkcode ReplicaStore} in SQLite. Made by {@linkcode openSqliteReplicaStore}. */
export class SqliteReplicaStore implements ReplicaStore {
  readonly #path: string;
  readonly #database: SqliteDatabase;

  /** Opens the database; see {@linkcode openSqliteReplicaStore}. */
  constructor(path: string) {
    this.#path = path;
    this.#database = openSqliteDatabase(path, { busyTimeoutMs });
    // A report that a crash of the system takes away is made again by the next run; no request waits for the medium.
    this.#database.script("PRAGMA synchronous = NORMAL");
  }

  /** Remembers that a replica was equal to its space. */
  reached({ space, client, revision, atMs }: ReachedReport): Promise<void> {
    return this.#write("replica_report", (database) => {
      const sql = `
        INSERT INTO replica_report (space, client, revision, synced_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?4)
        ON CONFLICT (space, client) DO UPDATE
        SET revision = excluded.revision, synced_at = excluded.synced_at, seen_at = excluded.seen_at, error = NULL`;
      database.run(sql, space, client, revision, atMs);
    });
  }

  /** Remembers what went wrong with a replica. */
  failed({ space, client, error, atMs }: FailedReport): Promise<void> {
    return this.#write("replica_report", (database) => {
      const sql = `
        INSERT INTO replica_report (space, client, error, seen_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (space, client) DO UPDATE SET error = excluded.error, seen_at = excluded.seen_at`;
      database.run(sql, space, client, error, atMs);
    });
  }

  /** All replicas. */
  replicas(): Promise<ReplicaRecord[]> {
    const sql = `
      SELECT space, client, revision, synced_at, seen_at, error FROM replica_report ORDER BY seen_at, space, client`;
    return this.#attempt((database) => database.rows(sql).map(decodeRecord));
  }

  /** Remembers where a run stands. */
  ran(run: RunRecord): Promise<void> {
    return this.#write("run", (database) => {
      const { space, client, id, direction, startedAtMs, activeAtMs, state, data } = run;
      const { filesSynced, bytesTransferred, lastError } = run;
      database.run(
        `INSERT OR REPLACE INTO run (${runColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[id, client, space, direction, startedAtMs, activeAtMs, state, data],
        ...[filesSynced, bytesTransferred, lastError ?? null],
      );
    });
  }

  /** The run of an id. */
  run(id: string): Promise<RunRecord | undefined> {
    return this.#attempt((database) => {
      const row = database.row(`SELECT ${runColumns} FROM run WHERE id = ?`, id);
      return row && decodeRun(row);
    });
  }

  /** The last runs of replicas. */
  runs(query: RecentQuery): Promise<RunRecord[]> {
    return this.#attempt((database) =>
      database.rows(...recentRows(`SELECT ${runColumns} FROM run`, query)).map(decodeRun)
    );
  }

  /** Closes the database. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#attempt((database) => database[Symbol.dispose]());
  }

  /** Writes to a table with one row a replica; those heard of longest ago go if there are too many. */
  #write(table: keyof typeof heardAt, write: (database: SqliteDatabase) => void): Promise<void> {
    return this.#attempt((database) =>
      database.writing(() => {
        write(database);
        const excess = asInteger(database.row(`SELECT count(*) FROM ${table}`)?.[0]) - replicasMax;
        if (excess <= 0) return;
        const oldest = `SELECT space, client FROM ${table} ORDER BY ${heardAt[table]}, space, client LIMIT ?`;
        database.run(`DELETE FROM ${table} WHERE (space, client) IN (${oldest})`, excess);
      })
    );
  }

  #attempt<T>(work: (database: SqliteDatabase) => T): Promise<T> {
    try {
      return Promise.resolve(work(this.#database));
    } catch (cause) {
      return Promise.reject(sqliteFailure(`use ${JSON.stringify(this.#path)}`, cause));
    }
  }
}

/** By table the column that says when a replica was last heard of. */
const heardAt = { replica_report: "seen_at", run: "active_at" } as const;

const runColumns = "id, client, space, direction, started_at, active_at, state, data, files, bytes, last_error";

function decodeRun(columns: Columns): RunRecord {
  const [id, client, space, direction, startedAt, activeAt, state, data, files, bytes, lastError] = columns;
  return {
    id: asText(id),
    client: asText(client),
    space: asText(space),
    direction: asText(direction) as RunDirection,
    startedAtMs: asInteger(startedAt),
    activeAtMs: asInteger(activeAt),
    state: asText(state),
    data: asText(data),
    filesSynced: asInteger(files),
    bytesTransferred: asInteger(bytes),
    lastError: lastError === null ? undefined : asText(lastError),
  };
}

function decodeRecord([space, client, revision, syncedAt, seenAt, error]: Columns): ReplicaRecord {
  return {
    space: asText(space),
    client: asText(client),
    revision: revision === null ? undefined : asInteger(revision),
    syncedAtMs: syncedAt === null ? undefined : asInteger(syncedAt),
    seenAtMs: asInteger(seenAt),
    lastError: error === null ? undefined : asText(error),
  };
}

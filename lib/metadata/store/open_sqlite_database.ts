import { SqliteDatabase } from "./sqlite_database.ts";
import { sqliteFailure } from "./sqlite_failure.ts";
import { prepareSchema } from "./sqlite_schema.ts";

/** How {@linkcode openSqliteDatabase} opens. */
export interface OpenSqliteDatabaseOptions {
  /** How long to wait for another connection that writes, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** How large the file may grow, in bytes. */
  readonly bytesMax?: number;
}

/** How much of the database is held in memory, in KiB; a commit of tens of thousands of paths stays within it. */
const cacheKib = 16 * 1024;
/** How long the write-ahead log grows before it is worked into the database, in pages of 4 KiB. */
const logPages = 4096;
/** The page size of SQLite, in bytes. */
const pageBytes = 4096;

/**
 * Opens the database that a store writes to, with the schema in place and every commit durable: in the write-ahead log
 * with `synchronous = FULL`, a commit returns after the log is on the medium.
 *
 * @throws {Failure} as `openSqliteStore` does.
 */
export function openSqliteDatabase(
  path: string,
  { busyTimeoutMs, bytesMax }: OpenSqliteDatabaseOptions,
): SqliteDatabase {
  let database: SqliteDatabase | undefined;
  try {
    database = new SqliteDatabase(path, { busyTimeoutMs });
    prepareSchema(database, path);
    database.script(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
      PRAGMA cache_size = -${cacheKib};
      PRAGMA wal_autocheckpoint = ${logPages};
      PRAGMA journal_size_limit = ${logPages * pageBytes};
    `);
    if (bytesMax !== undefined) database.script(`PRAGMA max_page_count = ${Math.ceil(bytesMax / pageBytes)}`);
    return database;
  } catch (cause) {
    database?.[Symbol.dispose]();
    throw sqliteFailure(`open ${JSON.stringify(path)}`, cause);
  }
}

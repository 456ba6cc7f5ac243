import { DatabaseSync } from "node:sqlite";
import { Failure } from "../core/mod.ts";
import { sqliteFailure } from "./sqlite_failure.ts";

/** Marks a SQLite file as an index of packs: "dfsc" in ASCII. */
export const packIndexApplicationId = 0x64667363;

/** How long another process may hold the write lock before giving up, in milliseconds. */
const busyTimeoutMs = 30_000;
/** How many pages of 4 KiB the write-ahead log gathers before they go to their places: each is written less often. */
const checkpointPages = 8192;
/** How much of the index is kept in memory, in KiB. */
const cacheKib = 64 * 1024;

/** What makes each schema version out of the one before it. Only ever append. */
const migrations: readonly string[] = [
  `
  CREATE TABLE pack (
    id             INTEGER PRIMARY KEY,
    indexed_length INTEGER NOT NULL, -- frames up to here have rows
    durable_length INTEGER NOT NULL, -- bytes up to here are on the medium for good
    sealed         INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE frame (
    id     INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice, since processes keep frames by it
    pack   INTEGER NOT NULL,
    start  INTEGER NOT NULL,
    length INTEGER NOT NULL,
    chunks INTEGER NOT NULL, -- how many rows of chunk name it
    bytes  INTEGER NOT NULL, -- the length of those chunks
    UNIQUE (pack, start)
  ) STRICT;
  CREATE TABLE chunk (
    hash     BLOB PRIMARY KEY,
    frame    INTEGER NOT NULL,
    position INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // What the collection of garbage goes by. A frame of unknown age counts as old, and as full of what it holds.
  `
  ALTER TABLE pack ADD COLUMN gone INTEGER NOT NULL DEFAULT 0; -- 1: the file is to be removed, 2: it was; the id stays taken
  ALTER TABLE frame ADD COLUMN raw_bytes INTEGER NOT NULL DEFAULT 0; -- the length of all chunks in it, whoever names them
  ALTER TABLE frame ADD COLUMN stored_at INTEGER NOT NULL DEFAULT 0; -- when it came, in milliseconds since 1970
  UPDATE frame SET raw_bytes = bytes;
  ALTER TABLE chunk ADD COLUMN condemned INTEGER; -- when it was found that nothing names it, in milliseconds since 1970
  `,
];

/**
 * Opens the index, creates it if it is not there, and brings an older one up to date. Call it under the store's lock.
 *
 * Durability is not asked of SQLite beyond keeping the file sound: what the index knows can be read from the packs.
 *
 * @throws {Failure} kind `conflict` if the file belongs to another program or a newer dfs, `corrupt` if it is damaged.
 */
export function openPackIndexDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    checkOwner(database, path);
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = ${checkpointPages};
      PRAGMA cache_size = -${cacheKib};
      PRAGMA temp_store = MEMORY; -- else what a statement may have to take back is written to a file: 60,000 calls a GiB
    `);
    migrate(database);
    return database;
  } catch (cause) {
    database?.close();
    throw sqliteFailure(`open the chunk index "${path}"`, cause);
  }
}

function checkOwner(database: DatabaseSync, path: string): void {
  const applicationId = pragma(database, "application_id");
  const version = pragma(database, "user_version");
  if (applicationId === packIndexApplicationId) {
    if (version <= migrations.length) return;
    throw new Failure("conflict", `The chunk index "${path}" was written by a newer dfs (schema ${version})`, {
      hint: `Update dfs: this one reads up to schema ${migrations.length}`,
    });
  }
  if (applicationId === 0 && version === 0 && pragma(database, "schema_version") === 0) return;
  throw new Failure("conflict", `The file "${path}" is a SQLite database of another program`, {
    hint: "Name another folder, or move the file away",
  });
}

function migrate(database: DatabaseSync): void {
  const version = pragma(database, "user_version");
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    database.exec(`
      BEGIN IMMEDIATE;
      ${migration}
      PRAGMA application_id = ${packIndexApplicationId};
      PRAGMA user_version = ${index + 1};
      COMMIT;
    `);
  }
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}

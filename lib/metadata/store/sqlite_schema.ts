import { Failure } from "../../core/mod.ts";
import type { SqliteDatabase } from "./sqlite_database.ts";
import { isSqliteTrouble } from "./sqlite_failure.ts";
import { asInteger } from "./sqlite_value.ts";

/** Marks a SQLite file as a metadata database of dfs, in its header: "dfsM" as a 32-bit number. */
export const applicationId = 0x6466734d;

/**
 * What makes a database of schema version n + 1 from one of version n, by n. Only ever add to the end.
 *
 * Version 1: `entry` holds the newest version of every path that ever was; when one is superseded, the old row moves to
 * `history`. So a tree that is pushed once takes one row a path, and what lived at revision n are the rows of both
 * tables with `revision <= n`, and in `history` `superseded > n`. `kind` is 0 for a tombstone, 1 for a file, 2 for a
 * directory, 3 for a symbolic link; `content` is the content's name, the Merkle hash of what lies in the directory
 * (none in `history`), or the link's target in UTF-8. Both tables are kept in the order of directories and names, so
 * that reading a tree is one scan.
 *
 * Version 2: `announced` holds the newest announcement of every path that ever had one, `announced_history` those before
 * it; both lie beside the tree and are no part of it. `status` is the place of a `SyncStatus` in `syncStatuses`, 4 for a
 * withdrawal; `committed_version` is the version that `entry` had of the path when it was announced, 0 for none. `replica`
 * holds who said to hold which version, as a JSON list of `[node, version]` sorted by node, `content_hash` the SHA-256 of contents that have a chunk list.
 *
 * Version 3: `client` holds who was given an id, `session` their sessions, `session_path` what each has to do with which
 * path (`role` is its place in `pathRoles`), `upload` and `upload_piece` what arrived of files that are not committed
 * yet (`chunks` is a packed list as in `manifest`), and `held` which version of a path a client had when it last completed
 * a session.
 *
 * Version 4: of `space`, `keep_versions` and `keep_for` (milliseconds) are its rule of retention, `oldest_whole` is the
 * oldest revision of which no version was removed from `history`.
 *
 * Version 5: `replica_report` holds what each client told of its copy of a space: the revision it was equal at and when,
 * and what went wrong since. Spaces and clients are named, not numbered: a client need not be one that was given an id.
 *
 * Version 6: of `space`, `conflicts` holds what clients do about conflicts, as JSON; none where nothing is said.
 *
 * Version 7: `run` holds where the last run of each client's copy stands, as the client told: its id, then as in `session`.
 *
 * Version 8: `unnamed_manifest` holds since when it is known that no version names the content of a `manifest`.
 *
 * Version 9: `mtime_rest` holds the nanoseconds of a time after the milliseconds in `mtime`, 0 where there is none.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE space (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    root BLOB NOT NULL,
    files INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    committed_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE entry (
    space INTEGER NOT NULL REFERENCES space,
    directory TEXT NOT NULL,
    name TEXT NOT NULL,
    kind INTEGER NOT NULL,
    mode INTEGER,
    size INTEGER,
    mtime INTEGER,
    content BLOB,
    version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (space, directory, name)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX entry_by_revision ON entry (space, revision);

  CREATE TABLE history (
    space INTEGER NOT NULL REFERENCES space,
    directory TEXT NOT NULL,
    name TEXT NOT NULL,
    kind INTEGER NOT NULL,
    mode INTEGER,
    size INTEGER,
    mtime INTEGER,
    content BLOB,
    version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    superseded INTEGER NOT NULL,
    PRIMARY KEY (space, directory, name, version)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE revision (
    space INTEGER NOT NULL REFERENCES space,
    revision INTEGER NOT NULL,
    root BLOB NOT NULL,
    client TEXT NOT NULL,
    committed_at INTEGER NOT NULL,
    commit_id TEXT NOT NULL,
    puts INTEGER NOT NULL,
    deletes INTEGER NOT NULL,
    PRIMARY KEY (space, revision),
    UNIQUE (space, commit_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE manifest (
    content BLOB NOT NULL PRIMARY KEY,
    chunks BLOB NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE announced (
    space INTEGER NOT NULL REFERENCES space,
    directory TEXT NOT NULL,
    name TEXT NOT NULL,
    kind INTEGER NOT NULL,
    size INTEGER NOT NULL,
    hash BLOB,
    target BLOB,
    mtime INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    version INTEGER NOT NULL,
    owner TEXT,
    status INTEGER NOT NULL,
    committed_version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (space, directory, name)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX announced_by_status ON announced (space, status);

  CREATE TABLE announced_history (
    space INTEGER NOT NULL REFERENCES space,
    directory TEXT NOT NULL,
    name TEXT NOT NULL,
    kind INTEGER NOT NULL,
    size INTEGER NOT NULL,
    hash BLOB,
    target BLOB,
    mtime INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    version INTEGER NOT NULL,
    owner TEXT,
    status INTEGER NOT NULL,
    committed_version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (space, directory, name, version)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE replica (
    space INTEGER NOT NULL REFERENCES space,
    directory TEXT NOT NULL,
    name TEXT NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (space, directory, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE content_hash (
    content BLOB NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX entry_deleted ON entry (space, directory, name) WHERE kind = 0;
  `,
  `
  CREATE TABLE client (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    platform TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    client TEXT NOT NULL REFERENCES client,
    space TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    active_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    data TEXT NOT NULL,
    tick INTEGER NOT NULL,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    pieces INTEGER NOT NULL,
    last_error TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX session_by_client ON session (client, state);
  CREATE INDEX session_by_activity ON session (active_at);

  CREATE TABLE session_path (
    session TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
    role INTEGER NOT NULL,
    path TEXT NOT NULL,
    done INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    held INTEGER NOT NULL,
    mtime INTEGER NOT NULL,
    mode INTEGER,
    copy TEXT,
    hash BLOB,
    PRIMARY KEY (session, role, path)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX session_path_to_do ON session_path (session, role) WHERE done = 0;

  CREATE TABLE upload (
    session TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
    path TEXT NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (session, path)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE upload_piece (
    session TEXT NOT NULL,
    path TEXT NOT NULL,
    piece INTEGER NOT NULL,
    chunks BLOB NOT NULL,
    PRIMARY KEY (session, path, piece),
    FOREIGN KEY (session, path) REFERENCES upload ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE held (
    client TEXT NOT NULL REFERENCES client ON DELETE CASCADE,
    space TEXT NOT NULL,
    path TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (client, space, path)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE space ADD COLUMN keep_versions INTEGER;
  ALTER TABLE space ADD COLUMN keep_for INTEGER;
  ALTER TABLE space ADD COLUMN oldest_whole INTEGER NOT NULL DEFAULT 0;
  `,
  `
  CREATE TABLE replica_report (
    space TEXT NOT NULL,
    client TEXT NOT NULL,
    revision INTEGER,
    synced_at INTEGER,
    seen_at INTEGER NOT NULL,
    error TEXT,
    PRIMARY KEY (space, client)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE space ADD COLUMN conflicts TEXT;
  `,
  `
  CREATE TABLE run (
    space TEXT NOT NULL,
    client TEXT NOT NULL,
    id TEXT NOT NULL,
    direction TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    active_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    data TEXT NOT NULL,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    last_error TEXT,
    PRIMARY KEY (space, client)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX run_by_id ON run (id);
  CREATE INDEX run_by_activity ON run (active_at);
  `,
  `
  CREATE TABLE unnamed_manifest (
    content BLOB NOT NULL PRIMARY KEY,
    since INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE entry ADD COLUMN mtime_rest INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE history ADD COLUMN mtime_rest INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE announced ADD COLUMN mtime_rest INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE announced_history ADD COLUMN mtime_rest INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE session_path ADD COLUMN mtime_rest INTEGER NOT NULL DEFAULT 0;
  `,
];

/** The schema version that this dfs writes. */
export const schemaVersion: number = migrations.length;

/**
 * Brings a database to the present schema, from nothing or from any earlier version; several processes may do so at
 * once. A file that is not ours is left as it is.
 *
 * @param path Where the database lies, for the text of failures.
 * @throws {Failure} kind `conflict` if the file is no database of dfs, or one of a newer version.
 */
export function prepareSchema(database: SqliteDatabase, path: string): void {
  if (versionOf(database, path) === schemaVersion) return;
  database.writing(() => {
    // Read again: another process may have done it while this one waited.
    const version = versionOf(database, path);
    for (const migration of migrations.slice(version)) database.script(migration);
    database.script(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}`);
  });
}

/** The schema version of a database of dfs; 0 if it has nothing in it yet. */
function versionOf(database: SqliteDatabase, path: string): number {
  let version: number;
  try {
    version = number(database, "PRAGMA user_version");
  } catch (cause) {
    if (isSqliteTrouble(cause, "notADatabase")) throw notOurs(path, cause);
    throw cause;
  }
  const empty = version === 0 && number(database, "SELECT count(*) FROM sqlite_schema") === 0;
  // Whose it is comes last: another process may make the schema between two questions.
  const id = number(database, "PRAGMA application_id");
  if (id !== applicationId && !(empty && id === 0)) throw notOurs(path);
  if (version > schemaVersion) {
    throw new Failure(
      "conflict",
      `The database ${JSON.stringify(path)} has schema version ${version}, this dfs knows up to ${schemaVersion}`,
      { hint: "Use a newer dfs" },
    );
  }
  return version;
}

function number(database: SqliteDatabase, sql: string): number {
  return asInteger(database.row(sql)?.[0]);
}

function notOurs(path: string, cause?: unknown): Failure {
  return new Failure("conflict", `${JSON.stringify(path)} is not a dfs database`, {
    hint: "Name another file, or move this one away",
    cause,
  });
}

import { byRows, sqliteBatches, sqliteValues } from "../store/sqlite_batches.ts";
import type { SqliteDatabase } from "../store/sqlite_database.ts";
import { pathRoles, type SessionPath, type SessionUpdate } from "./session_store.ts";
import { encodePath, pathColumns } from "./sqlite_session_row.ts";
import { countPieces } from "./sqlite_uploads.ts";

const upload = pathRoles.indexOf("upload");

/** Changes a session if it is at the tick expected, within a transaction; gives whether it was. */
export function updateSession(database: SqliteDatabase, id: string, update: SessionUpdate): boolean {
  const { tick, atMs, state, data, lastError, plan, settled = [], files = 0, bytes = 0, holds = false } = update;
  if (database.row("SELECT 1 FROM session WHERE id = ? AND tick = ?", id, tick) === undefined) return false;
  database.run(
    `UPDATE session SET tick = tick + 1, active_at = ?2, state = ?3, data = ?4, files = files + ?5, bytes = bytes + ?6,
       last_error = CASE WHEN ?7 THEN ?8 ELSE last_error END
     WHERE id = ?1`,
    id,
    atMs,
    state,
    data,
    files,
    bytes,
    Number(lastError !== undefined),
    lastError ?? null,
  );
  if (plan !== undefined) {
    database.run("DELETE FROM session_path WHERE session = ?", id);
    putPaths(database, id, plan);
    database.run(
      `DELETE FROM upload WHERE session = ?1 AND NOT EXISTS (
         SELECT 1 FROM session_path AS p WHERE p.session = ?1 AND p.role = ?2 AND p.path = upload.path AND p.done = 0)`,
      id,
      upload,
    );
  }
  putPaths(database, id, settled);
  for (const { role, path, done } of settled) {
    if (role === "upload" && done) database.run("DELETE FROM upload WHERE session = ? AND path = ?", id, path);
  }
  if (plan !== undefined || settled.length > 0) countPieces(database, id);
  if (holds) holdPaths(database, id);
  return true;
}

function putPaths(database: SqliteDatabase, id: string, paths: readonly SessionPath[]): void {
  for (const { rows, parameters } of sqliteBatches(paths, (path) => encodePath(id, path))) {
    database.run(insertPaths(rows), ...parameters);
  }
}

const insertPaths = byRows((rows) =>
  `INSERT OR REPLACE INTO session_path (session, ${pathColumns}) ${
    sqliteValues(rows, 1 + pathColumns.split(",").length)
  }`
);

/** Notes what the session's client holds of the session's space from now on, and forgets where it has that from. */
function holdPaths(database: SqliteDatabase, id: string): void {
  const one = "(SELECT client, space FROM session WHERE id = ?)";
  database.run(`DELETE FROM held WHERE (client, space) = ${one}`, id);
  database.run(
    `INSERT OR REPLACE INTO held (client, space, path, version)
     SELECT s.client, s.space, p.path, max(p.held) FROM session_path AS p JOIN session AS s ON s.id = p.session
     WHERE p.session = ? AND p.done = 1 AND p.held > 0 GROUP BY p.path`,
    id,
  );
  database.run("DELETE FROM session_path WHERE session = ? AND role <> ?", id, upload);
}

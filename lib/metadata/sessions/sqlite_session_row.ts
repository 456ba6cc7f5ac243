import type { SQLInputValue } from "node:sqlite";
import { hashToBytes, type SafePath } from "../../core/mod.ts";
import { fileTime } from "../file_time.ts";
import type { Columns } from "../store/sqlite_database.ts";
import { asHash, asInteger, asText } from "../store/sqlite_value.ts";
import { pathRoles, type RecentQuery, type SessionPath, type SessionRecord } from "./session_store.ts";

/** The columns of a session, in the order in which they are read. */
export const sessionColumns =
  "id, client, space, started_at, active_at, state, data, tick, files, bytes, last_error" as const;

/** Reads a row of {@linkcode sessionColumns}. */
export function decodeSession(columns: Columns): SessionRecord {
  const [id, client, space, startedAt, activeAt, state, data, tick, files, bytes, lastError] = columns;
  return {
    id: asText(id),
    client: asText(client),
    space: asText(space),
    startedAtMs: asInteger(startedAt),
    activeAtMs: asInteger(activeAt),
    state: asText(state),
    data: asText(data),
    tick: asInteger(tick),
    filesSynced: asInteger(files),
    bytesTransferred: asInteger(bytes),
    lastError: lastError === null ? undefined : asText(lastError),
  };
}

/** The rows of a query, as `SessionStore.recent` gives them: the statement, and its parameters. */
export function recentRows(
  select: string,
  { sinceMs, space, client, limit }: RecentQuery,
): [sql: string, ...parameters: SQLInputValue[]] {
  const sql = `${select}
    WHERE active_at >= ?1 AND (?2 IS NULL OR space = ?2) AND (?3 IS NULL OR client = ?3)
    ORDER BY active_at DESC, id LIMIT ?4`;
  return [sql, sinceMs, space ?? null, client ?? null, limit];
}

/** The columns of a path of a session but for the session, in the order in which they are read and written. */
export const pathColumns = "role, path, done, seen, held, mtime, mtime_rest, mode, copy, hash" as const;

/** Reads a row of {@linkcode pathColumns}. */
export function decodePath(columns: Columns): SessionPath {
  const [role, path, done, seen, held, mtime, mtimeRest, mode, copy, hash] = columns;
  return {
    role: pathRoles[asInteger(role)]!,
    path: asText(path) as SafePath,
    done: asInteger(done) === 1,
    seen: asInteger(seen),
    held: asInteger(held),
    ...fileTime(asInteger(mtime), asInteger(mtimeRest)),
    ...(mode === null ? {} : { mode: asInteger(mode) }),
    ...(copy === null ? {} : { copy: asText(copy) as SafePath }),
    ...(hash === null ? {} : { hash: asHash(hash) }),
  };
}

/** What a path of a session is stored as: the session, then {@linkcode pathColumns}. */
export function encodePath(id: string, path: SessionPath): SQLInputValue[] {
  return [
    id,
    pathRoles.indexOf(path.role),
    path.path,
    Number(path.done),
    path.seen,
    path.held,
    path.mtimeMs,
    path.mtimeRestNs ?? 0,
    path.mode ?? null,
    path.copy ?? null,
    path.hash === undefined ? null : hashToBytes(path.hash),
  ];
}

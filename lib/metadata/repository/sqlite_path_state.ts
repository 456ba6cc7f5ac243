import { baseName, Failure, joinPath, parentPath, type SafePath } from "../../core/mod.ts";
import { entryKinds, type FileMetadata, type Replica, syncStatuses } from "../file_metadata.ts";
import { fileTime } from "../file_time.ts";
import type { Columns, SqliteDatabase } from "../store/sqlite_database.ts";
import { decodeRow } from "../store/sqlite_row.ts";
import { asBytes, asHash, asInteger, asText } from "../store/sqlite_value.ts";
import { type Announcement, type Committed, type PathState, untold } from "./path_state.ts";
import { byRows, sqliteBatches, sqliteValues } from "../store/sqlite_batches.ts";

/** The columns of an announcement, in the order in which they are written and read. */
export const announcedColumns =
  "kind, size, hash, target, mtime, mtime_rest, mode, version, owner, status, committed_version, at";

/**
 * The columns of a path's state, from `e` (entry), `v` (its revision) and `r` (announced) of the key `k`: folder, name,
 * then those that {@linkcode decodeState} reads. A content with a chunk list is not named by its own hash.
 */
export function stateColumns(key: string): string {
  return `${key}.directory, ${key}.name,
    ${key}.name, e.kind, e.mode, e.size, e.mtime, e.mtime_rest, e.content, e.version, e.revision, v.client, v.committed_at,
    CASE WHEN e.kind IS NOT 1 THEN NULL
      WHEN EXISTS (SELECT 1 FROM manifest WHERE content = e.content)
        THEN (SELECT hash FROM content_hash WHERE content = e.content)
      ELSE e.content END,
    ${announcedColumns.split(", ").map((column) => `r.${column}`).join(", ")},
    CASE WHEN coalesce(e.kind, r.kind) IS NOT NULL THEN (SELECT said FROM replica AS p WHERE p.space = ?1 AND p.directory = ${key}.directory AND p.name = ${key}.name) END`;
}

const entryAt = 2;
const clientAt = 11;
const announcedAt = 14;
const replicasAt = 26;

/** Reads a row of {@linkcode stateColumns}. */
export function decodeState(columns: Columns): { readonly path: SafePath; readonly state: PathState } {
  const path = joinPath(asText(columns[0]) as SafePath, asText(columns[1]));
  return {
    path,
    state: {
      committed: columns[entryAt + 1] === null ? undefined : decodeCommitted(columns),
      announced: columns[announcedAt] === null ? undefined : decodeAnnouncement(path, columns, announcedAt),
      replicas: decodeReplicas(columns[replicasAt]),
    },
  };
}

function decodeCommitted(columns: Columns): Committed {
  const { entry, version, revision } = decodeRow(columns, entryAt);
  const hash = columns[clientAt + 2];
  return {
    entry,
    version,
    revision,
    client: asText(columns[clientAt]),
    committedAtMs: asInteger(columns[clientAt + 1]),
    hash: hash === null ? undefined : asHash(hash),
  };
}

/** Reads {@linkcode announcedColumns} from a row, beginning at a column. */
export function decodeAnnouncement(path: SafePath, columns: Columns, at: number): Announcement {
  const [kind, size, hash, target, mtime, mtimeRest, mode, version, owner, status, committed, atMs] = columns.slice(
    at,
    at + 12,
  );
  const metadata: FileMetadata = {
    path,
    kind: wordAt(entryKinds, kind),
    size: asInteger(size),
    ...(hash === null ? {} : { hash: asHash(hash) }),
    ...(target === null ? {} : { target: decoder.decode(asBytes(target)) }),
    ...fileTime(asInteger(mtime), asInteger(mtimeRest)),
    mode: asInteger(mode),
    version: asInteger(version),
    ...(owner === null ? {} : { owner: asText(owner) }),
    syncState: { status: wordAt(syncStatuses, status), replicas: [] },
  };
  return { metadata, committedVersion: asInteger(committed), atMs: asInteger(atMs) };
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function wordAt<W>(words: readonly W[], code: Columns[number] | undefined): W {
  const word = words[asInteger(code)];
  if (word === undefined) throw new Failure("corrupt", `The metadata database holds an announcement of code ${code}`);
  return word;
}

const nobody: readonly Replica[] = [];

function decodeReplicas(said: Columns[number] | undefined): readonly Replica[] {
  if (said === null) return nobody;
  const pairs = JSON.parse(asText(said)) as [node: string, version: number][];
  return pairs.map(([node, version]) => ({ node, version }));
}

/**
 * The states of so many paths, without those nobody ever told of. The parameters are the space, then the folder and the
 * name of each.
 */
const statesOf = byRows((paths) => `
  SELECT ${stateColumns("k")}
  FROM (${keys(paths)}) AS k
  LEFT JOIN entry AS e ON e.space = ?1 AND e.directory = k.directory AND e.name = k.name
  LEFT JOIN revision AS v ON v.space = ?1 AND v.revision = e.revision
  LEFT JOIN announced AS r ON r.space = ?1 AND r.directory = k.directory AND r.name = k.name
  WHERE e.kind IS NOT NULL OR r.kind IS NOT NULL`);

/** The keys of so many paths. One is spelled without `VALUES`, which makes single reads faster. */
function keys(paths: number): string {
  if (paths === 1) return "SELECT ? AS directory, ? AS name";
  return `SELECT column1 AS directory, column2 AS name FROM (${sqliteValues(paths, 2)})`;
}

/** Everything that is held of a path. */
export function readState(database: SqliteDatabase, space: number, path: SafePath): PathState {
  const found = database.row(statesOf(1), space, ...folderAndName(path));
  return found === undefined ? untold : decodeState(found).state;
}

/** Everything that is held of each of some paths; those nobody ever told of are left out. */
export function readStates(
  database: SqliteDatabase,
  space: number,
  paths: Iterable<SafePath>,
): Map<SafePath, PathState> {
  const states = new Map<SafePath, PathState>();
  for (const { rows, parameters } of sqliteBatches([...paths], folderAndName)) {
    for (const columns of database.rows(statesOf(rows), space, ...parameters)) {
      const { path, state } = decodeState(columns);
      states.set(path, state);
    }
  }
  return states;
}

function folderAndName(path: SafePath): [directory: SafePath, name: string] {
  return [parentPath(path), baseName(path)];
}

import type { SQLInputValue } from "node:sqlite";
import { baseName, parentPath, type SafePath } from "../../core/mod.ts";
import { type SyncStatus, syncStatuses } from "../file_metadata.ts";
import type { SqliteDatabase } from "../store/sqlite_database.ts";
import { Glob } from "./glob.ts";
import { type ListRange, listRanges, prefixEnd } from "./list_range.ts";
import type { ListQuery, MetadataPage, PathMetadata } from "./metadata_repository.ts";
import { gone, known } from "./path_state.ts";
import { decodeState, stateColumns } from "./sqlite_path_state.ts";

/** How many rows are read at a time. */
const rowsPerStep = 1024;
/** How many rows one page looks at; past it the page ends, however few of them match. */
export const rowsPerPageMax = 32 * 1024;

/** Greater than every text: SQLite orders bytes behind texts. */
const beyondTexts = new Uint8Array();
const deleted = syncStatuses.indexOf("deleted");

/** Whether the announcement of a row stands; see `standing`. */
const stands = `coalesce(r.status <> ${deleted} AND r.committed_version = coalesce(e.version, 0), 0)`;

/** The rows of a range by the key of `table`; the parameters are those of {@linkcode rangeParameters}. */
const within: { readonly [of in ListRange["of"]]: (table: string) => string } = {
  names: (table) => `${table}.directory = ?2 AND ${table}.name >= ?3 AND ${table}.name < ?4 AND ${table}.name > ?5`,
  folders: (table) => `(${table}.directory, ${table}.name) > (?2, ?3) AND ${table}.directory < ?4`,
};

/**
 * The rows of a range that stand as asked, in the order of (folder, name). Rows of the tree and those beside it are two
 * scans in that order, which SQLite merges; what is announced or deleted has an index of its own.
 */
function statement(of: ListRange["of"], state: SyncStatus | undefined): string {
  switch (state) {
    case undefined:
      return ordered(of, tree("", `(e.kind > 0 OR ${stands})`), beside(stands));
    case "synced":
      return ordered(of, tree("", `e.kind > 0 AND NOT ${stands}`));
    case "deleted":
      return ordered(
        of,
        tree("INDEXED BY entry_deleted", `e.kind = 0 AND NOT ${stands}`),
        beside(`r.status = ${deleted}`),
      );
    default:
      return ordered(of, announced(syncStatuses.indexOf(state)));
  }
}

type Source = (of: ListRange["of"]) => string;

function tree(hint: string, condition: string): Source {
  return (of) => `
    SELECT ${stateColumns("e")} FROM entry AS e ${hint}
    LEFT JOIN revision AS v ON v.space = ?1 AND v.revision = e.revision
    LEFT JOIN announced AS r ON r.space = ?1 AND r.directory = e.directory AND r.name = e.name
    WHERE e.space = ?1 AND ${within[of]("e")} AND ${condition}`;
}

/** What was announced and is nowhere in the tree, not even as a tombstone. */
function beside(condition: string): Source {
  return (of) => `
    SELECT ${stateColumns("r")} FROM announced AS r
    LEFT JOIN entry AS e ON e.space = ?1 AND e.directory = r.directory AND e.name = r.name
    LEFT JOIN revision AS v ON v.space = ?1 AND v.revision = e.revision
    WHERE r.space = ?1 AND ${within[of]("r")} AND e.name IS NULL AND ${condition}`;
}

function announced(status: number): Source {
  return (of) => `
    SELECT ${stateColumns("r")} FROM announced AS r INDEXED BY announced_by_status
    LEFT JOIN entry AS e ON e.space = ?1 AND e.directory = r.directory AND e.name = r.name
    LEFT JOIN revision AS v ON v.space = ?1 AND v.revision = e.revision
    WHERE r.space = ?1 AND r.status = ${status} AND ${within[of]("r")} AND ${stands}`;
}

function ordered(of: ListRange["of"], ...sources: readonly Source[]): string {
  return `${sources.map((source) => source(of)).join(" UNION ALL ")} ORDER BY 1, 2 LIMIT ?6`;
}

const statements = new Map<string, string>();

function statementFor(of: ListRange["of"], state: SyncStatus | undefined): string {
  const key = `${of} ${state}`;
  const sql = statements.get(key) ?? statement(of, state);
  statements.set(key, sql);
  return sql;
}

/**
 * Reads a page.
 *
 * @param database A connection in a transaction, so that all of the page is of one state.
 */
export function readPage(database: SqliteDatabase, space: number, query: ListQuery): MetadataPage {
  const glob = query.glob === undefined ? undefined : new Glob(query.glob);
  const entries: PathMetadata[] = [];
  let seen = 0;
  for (const first of listRanges(query)) {
    let range: ListRange | undefined = first;
    while (range !== undefined) {
      const count = Math.min(rowsPerStep, glob === undefined ? query.limit - entries.length + 1 : rowsPerStep);
      const sql = statementFor(range.of, query.state);
      const rows = database.rows(sql, space, ...rangeParameters(range), count);
      let last: SafePath | undefined;
      for (const columns of rows) {
        const { path, state } = decodeState(columns);
        const found = query.state === "deleted" ? gone(path, state) : known(path, state);
        const matches = found !== undefined && glob?.matches(path) !== false;
        if (matches && entries.length === query.limit) return { entries, next: entries.at(-1)!.metadata.path };
        if (matches) entries.push(found);
        last = path;
      }
      seen += rows.length;
      if (last !== undefined && seen >= rowsPerPageMax) return { entries, next: last };
      range = rows.length < count || last === undefined ? undefined : behind(range, last);
    }
  }
  return { entries };
}

/** The rest of a range. */
function behind(range: ListRange, path: SafePath): ListRange {
  return range.of === "names" ? { ...range, after: baseName(path) } : { ...range, after: path };
}

function rangeParameters(range: ListRange): SQLInputValue[] {
  const end = prefixEnd(range.from) ?? beyondTexts;
  if (range.of === "names") return [range.directory, range.from, end, range.after ?? ""];
  const { from, after } = range;
  const [directory, name] = after === undefined || parentPath(after) < from
    ? [from, ""]
    : [parentPath(after), baseName(after)];
  return [directory, name, end, ""];
}

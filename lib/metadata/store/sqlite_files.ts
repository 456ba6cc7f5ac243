import { joinPath, type SafePath } from "../../core/mod.ts";
import type { FileVersion } from "./metadata_store.ts";
import { isExpired, type PruneLimits } from "./retention.ts";
import type { Columns, SqliteDatabase } from "./sqlite_database.ts";
import { decodeRow, rowColumns } from "./sqlite_row.ts";
import type { SqliteSpace } from "./sqlite_space.ts";
import { asInteger, asText } from "./sqlite_value.ts";

/** How many rows are read at a time. */
const rowsPerPage = 1024;

/**
 * Every version of every file of a space, page by page: what lives now first.
 *
 * @param database A connection in a transaction that lasts until the end.
 * @param limits Versions that expired by these are left out; none are unless given.
 */
export function* sqliteFiles(
  database: SqliteDatabase,
  space: SqliteSpace,
  limits: PruneLimits | undefined,
): Generator<FileVersion[], void> {
  for (const rows of pages(database, living, space.id)) yield rows.flatMap((columns) => decode(space, columns, true));
  for (const rows of pages(database, superseded, space.id)) {
    yield rows.filter((columns) => limits === undefined || !isExpired(supersededVersion(columns), limits))
      .flatMap((columns) => decode(space, columns, false));
  }
}

const living = `
  SELECT directory, ${rowColumns} FROM entry
  WHERE space = ?1 AND (directory, name, version) > (?2, ?3, ?4) ORDER BY directory, name LIMIT ?5`;
const superseded = `
  SELECT directory, ${rowColumns}, superseded,
    (SELECT version FROM entry WHERE space = h.space AND directory = h.directory AND name = h.name)
  FROM history AS h
  WHERE space = ?1 AND (directory, name, version) > (?2, ?3, ?4) ORDER BY directory, name, version LIMIT ?5`;
/** Places of the version, of what superseded it, and of the newest version in the rows of `superseded`. */
const [versionAt, supersededAt, newestAt] = [8, 10, 11];

function* pages(database: SqliteDatabase, sql: string, space: number): Generator<Columns[], void> {
  for (let after = ["", "", 0] as [string, string, number];;) {
    const rows = database.rows(sql, space, ...after, rowsPerPage);
    yield rows;
    const last = rows[rowsPerPage - 1];
    if (last === undefined) return;
    after = [asText(last[0]), asText(last[1]), asInteger(last[versionAt])];
  }
}

function supersededVersion(columns: Columns) {
  return {
    version: asInteger(columns[versionAt]),
    superseded: asInteger(columns[supersededAt]),
    newest: asInteger(columns[newestAt]),
  };
}

function decode({ head }: SqliteSpace, columns: Columns, live: boolean): FileVersion[] {
  const { name, entry, version } = decodeRow(columns, 1);
  if (entry?.kind !== "file") return [];
  return [{ space: head.space, path: joinPath(asText(columns[0]) as SafePath, name), version, live, file: entry }];
}

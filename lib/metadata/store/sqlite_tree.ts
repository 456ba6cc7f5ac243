import type { SQLInputValue } from "node:sqlite";
import { rootPath, type SafePath } from "../../core/mod.ts";
import { compareNames } from "../tree_hash.ts";
import type { DirectoryBatch, StoredEntry } from "./metadata_store.ts";
import { isLive, pastEntry, storedEntry } from "./row.ts";
import type { Columns, SqliteDatabase } from "./sqlite_database.ts";
import { decodeRow, rowColumns } from "./sqlite_row.ts";
import { asText } from "./sqlite_value.ts";

/** How many rows are read at a time. */
export const rowsPerPage = 1024;

/** The rows after a place in the order of (directory, name) that live now. */
const livingNow = `
  SELECT directory, ${rowColumns} FROM entry
  WHERE space = ?1 AND (directory, name) > (?2, ?3) AND kind > 0
  ORDER BY directory, name LIMIT ?4`;

/** The same of a past revision. The plus keeps SQLite on the order of names, so that the two scans merge unsorted. */
const livingThen = `
  SELECT directory, ${rowColumns} FROM entry
  WHERE space = ?1 AND (directory, name) > (?2, ?3) AND kind > 0 AND +revision <= ?5
  UNION ALL
  SELECT directory, ${rowColumns} FROM history
  WHERE space = ?1 AND (directory, name) > (?2, ?3) AND kind > 0 AND revision <= ?5 AND superseded > ?5
  ORDER BY directory, name LIMIT ?4`;

/** Which tree {@linkcode sqliteTree} reads. */
export interface SqliteTreeOptions {
  /** The number of the space. */
  readonly space: number;
  /** The past revision to read; what lives now if there is none. */
  readonly revision?: number;
}

/**
 * Reads a tree directory by directory, the root first, holding one page and one directory of it at a time.
 *
 * @param database A connection in a transaction that lasts until the end, so that every page is of the same state.
 */
export function* sqliteTree(
  database: SqliteDatabase,
  options: SqliteTreeOptions,
): Generator<DirectoryBatch> {
  const seen = options.revision === undefined ? storedEntry : pastEntry;
  let directory = rootPath;
  let children: StoredEntry[] = [];
  for (const columns of pages(database, options)) {
    const next = asText(columns[0]) as SafePath;
    if (next !== directory) {
      if (children.length > 0) yield batch(directory, children);
      directory = next;
      children = [];
    }
    const row = decodeRow(columns, 1);
    if (isLive(row)) children.push(seen(directory, row));
  }
  if (children.length > 0) yield batch(directory, children);
}

function* pages(database: SqliteDatabase, { space, revision }: SqliteTreeOptions): Generator<Columns> {
  let after: [SQLInputValue, SQLInputValue] = ["", ""];
  while (true) {
    const page = revision === undefined
      ? database.rows(livingNow, space, ...after, rowsPerPage)
      : database.rows(livingThen, space, ...after, rowsPerPage, revision);
    yield* page;
    const last = page[rowsPerPage - 1];
    if (!last) return;
    after = [asText(last[0]), asText(last[1])];
  }
}

/** SQLite orders names by their UTF-8, which differs from code units beyond U+D7FF. */
function batch(directory: SafePath, children: StoredEntry[]): DirectoryBatch {
  return { directory, children: children.sort((a, b) => compareNames(a.path, b.path)) };
}

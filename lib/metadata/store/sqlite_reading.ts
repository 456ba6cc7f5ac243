import { baseName, Failure, type Hash, hashToBytes, joinPath, parentPath, type SafePath } from "../../core/mod.ts";
import { Manifest } from "../manifest.ts";
import { compareNames } from "../tree_hash.ts";
import type { Change, RevisionRecord, StoredEntry, VersionRecord } from "./metadata_store.ts";
import { isLive, storedEntry } from "./row.ts";
import type { SqliteDatabase } from "./sqlite_database.ts";
import { decodeRow, rowColumns } from "./sqlite_row.ts";
import { asBytes, asHash, asInteger, asText } from "./sqlite_value.ts";

/** A path in a space, by the space's number. */
export interface SqlitePath {
  /** The number of the space. */
  readonly space: number;
  /** The path in it. */
  readonly path: SafePath;
}

/** What lives at a path now. */
export function readEntry(database: SqliteDatabase, { space, path }: SqlitePath): StoredEntry | undefined {
  const directory = parentPath(path);
  const found = database.row(
    `SELECT ${rowColumns} FROM entry WHERE space = ? AND directory = ? AND name = ?`,
    space,
    directory,
    baseName(path),
  );
  const row = found && decodeRow(found);
  return row && isLive(row) ? storedEntry(directory, row) : undefined;
}

/** The children of a directory now, sorted by name. */
export function readDirectory(database: SqliteDatabase, { space, path }: SqlitePath): StoredEntry[] {
  const sql = `SELECT ${rowColumns} FROM entry WHERE space = ? AND directory = ?`;
  return database.rows(sql, space, path).map((columns) => decodeRow(columns)).filter(isLive)
    .sort((a, b) => compareNames(a.name, b.name)).map((row) => storedEntry(path, row));
}

/** The paths with a version newer than `since`, sorted by directory and name. */
export function readChanges(
  database: SqliteDatabase,
  { space, since }: { readonly space: number; readonly since: number },
): Change[] {
  const sql = `
    SELECT directory, (
      SELECT CASE kind WHEN 1 THEN content END FROM history
      WHERE space = entry.space AND directory = entry.directory AND name = entry.name AND revision <= ?2
      ORDER BY version DESC LIMIT 1
    ), ${rowColumns}
    FROM entry WHERE space = ?1 AND revision > ?2`;
  return database.rows(sql, space, since).map((columns) => {
    const directory = asText(columns[0]) as SafePath;
    const previousContent = columns[1] === null ? undefined : asHash(columns[1]);
    return { directory, previousContent, row: decodeRow(columns, 2) };
  }).sort((a, b) => compareNames(a.directory, b.directory) || compareNames(a.row.name, b.row.name))
    .map(({ directory, previousContent, row: { name, entry, version, revision } }) => (
      { path: joinPath(directory, name), entry, version, revision, previousContent }
    ));
}

/** All versions of a path, newest first. */
export function readHistory(database: SqliteDatabase, { space, path }: SqlitePath): VersionRecord[] {
  const versions = (table: string) => `
    SELECT client, committed_at, ${rowColumns.replace("revision", "version.revision")}
    FROM ${table} AS version JOIN revision USING (space, revision)
    WHERE space = ?1 AND directory = ?2 AND name = ?3`;
  const sql = `${versions("entry")} UNION ALL ${versions("history")} ORDER BY version DESC`;
  return database.rows(sql, space, parentPath(path), baseName(path)).map((columns) => {
    const { version, revision, entry } = decodeRow(columns, 2);
    return { version, revision, entry, client: asText(columns[0]), committedAtMs: asInteger(columns[1]) };
  });
}

/** Which revisions {@linkcode readRevisions} reads. */
export interface RevisionRange {
  /** The number of the space. */
  readonly space: number;
  /** Only those before this one. */
  readonly before: number;
  /** At most so many. */
  readonly limit: number;
}

/** The revisions of a space, newest first. */
export function readRevisions(database: SqliteDatabase, { space, before, limit }: RevisionRange): RevisionRecord[] {
  return database.rows(
    `SELECT revision, root, client, committed_at, puts, deletes FROM revision
     WHERE space = ? AND revision < ? ORDER BY revision DESC LIMIT ?`,
    space,
    before,
    limit,
  ).map((columns) => ({
    revision: asInteger(columns[0]),
    root: asHash(columns[1]),
    client: asText(columns[2]),
    committedAtMs: asInteger(columns[3]),
    puts: asInteger(columns[4]),
    deletes: asInteger(columns[5]),
  }));
}

/** The chunk list of a content. */
export function readManifest(database: SqliteDatabase, content: Hash): Manifest | undefined {
  const found = database.row("SELECT chunks FROM manifest WHERE content = ?", hashToBytes(content));
  if (!found) return undefined;
  const manifest = Manifest.fromBytes(asBytes(found[0]));
  if (!manifest.ok) throw new Failure("corrupt", `The chunk list of ${content} is damaged: ${manifest.error}`);
  return manifest.value;
}

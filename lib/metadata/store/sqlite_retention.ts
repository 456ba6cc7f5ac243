import { asInteger, asText } from "./sqlite_value.ts";
import { isExpired, type PruneLimits, pruneLimits, type Retention, type RetentionRule } from "./retention.ts";
import type { SqliteDatabase } from "./sqlite_database.ts";
import type { SqliteSpace } from "./sqlite_space.ts";

/** How many versions are gone through in one transaction: other commits wait for no more than that. */
export const versionsPerPage = 2048;

/** A place in the history of a space. */
export interface HistoryPlace {
  readonly directory: string;
  readonly name: string;
  readonly version: number;
}

/** Before the first version. */
export const historyStart: HistoryPlace = { directory: "", name: "", version: 0 };

/** What came of one page of versions. */
export interface PrunedPage {
  /** How many expired. */
  readonly versions: number;
  /** Where to go on; `undefined` at the end. */
  readonly next: HistoryPlace | undefined;
}

/** The rule of a space, by its number. */
export function readRetention(database: SqliteDatabase, space: number): Retention {
  const [keepVersions, keepForMs, oldestWhole] = database.row(
    "SELECT keep_versions, keep_for, oldest_whole FROM space WHERE id = ?",
    space,
  ) ?? [];
  return {
    oldestWhole: asInteger(oldestWhole),
    ...(keepVersions === null ? {} : { keepVersions: asInteger(keepVersions) }),
    ...(keepForMs === null ? {} : { keepForMs: asInteger(keepForMs) }),
  };
}

/** Writes the rule of a space, by its number. */
export function writeRetention(database: SqliteDatabase, space: number, rule: RetentionRule): void {
  const sql = "UPDATE space SET keep_versions = ?, keep_for = ? WHERE id = ?";
  database.run(sql, rule.keepVersions ?? null, rule.keepForMs ?? null, space);
}

/** What the rule of a space comes to at some time; `undefined` if everything is kept. */
export function limitsAt(database: SqliteDatabase, { id, head }: SqliteSpace, nowMs: number): PruneLimits | undefined {
  const rule = readRetention(database, id);
  const { keepForMs } = rule;
  if (keepForMs === undefined) return pruneLimits(rule, head.revision + 1);
  const sql = "SELECT min(revision) FROM revision WHERE space = ? AND committed_at > ?";
  const [first] = database.row(sql, id, nowMs - keepForMs) ?? [];
  return pruneLimits(rule, first === null ? head.revision + 1 : asInteger(first));
}

/**
 * Removes the versions that expired on one page of a space's history, and notes which past states are not whole any more.
 *
 * @param database The connection, in a writing transaction unless nothing is to be removed.
 */
export function prunePage(
  database: SqliteDatabase,
  options: {
    readonly space: number;
    readonly limits: PruneLimits;
    readonly after: HistoryPlace;
    readonly dryRun: boolean;
  },
): PrunedPage {
  const { space, limits, after, dryRun } = options;
  const rows = database.rows(page, space, after.directory, after.name, after.version, versionsPerPage);
  let versions = 0;
  let oldestWhole = 0;
  let last: HistoryPlace | undefined;
  for (const columns of rows) {
    const [directory, name] = [asText(columns[0]), asText(columns[1])];
    const [version, superseded, kind, newest] = columns.slice(2).map(asInteger) as [number, number, number, number];
    last = { directory, name, version };
    if (!isExpired({ version, superseded, newest }, limits)) continue;
    versions++;
    // That a deletion is forgotten changes no past state.
    if (kind > 0) oldestWhole = Math.max(oldestWhole, superseded);
    if (!dryRun) database.run(removal, space, directory, name, version);
  }
  if (!dryRun && oldestWhole > 0) {
    database.run("UPDATE space SET oldest_whole = max(oldest_whole, ?) WHERE id = ?", oldestWhole, space);
  }
  return { versions, next: rows.length === versionsPerPage ? last : undefined };
}

const page = `
  SELECT h.directory, h.name, h.version, h.superseded, h.kind, e.version
  FROM history AS h JOIN entry AS e USING (space, directory, name)
  WHERE h.space = ?1 AND (h.directory, h.name, h.version) > (?2, ?3, ?4)
  ORDER BY h.directory, h.name, h.version LIMIT ?5`;
const removal = "DELETE FROM history WHERE space = ? AND directory = ? AND name = ? AND version = ?";

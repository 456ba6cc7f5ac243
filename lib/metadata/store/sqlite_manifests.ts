import { type Hash, hashToBytes } from "../../core/mod.ts";
import type { ManifestPruneOptions, ManifestPruneReceipt } from "./retention.ts";
import type { SqliteDatabase } from "./sqlite_database.ts";
import { sqliteFiles } from "./sqlite_files.ts";
import { allSpaces } from "./sqlite_space.ts";
import { asHash, asInteger } from "./sqlite_value.ts";

/** How many chunk lists are looked for in one walk over all files: their names take some 20 MB. */
const listsPerWalk = 200_000;
/** How many are removed in one transaction: commits wait for no more than that. */
export const listsPerPage = 2048;

/** Chunk lists that no version of any file named at a moment. */
export interface UnnamedLists {
  readonly contents: readonly Hash[];
  /** The moment: the revision of each space, by its number. */
  readonly revisions: ReadonlyMap<number, number>;
  /** Where to go on; `undefined` at the end. */
  readonly next: Hash | undefined;
}

/**
 * Looks for chunk lists that nothing names, some of all at a time.
 *
 * @param database A connection in a transaction that lasts until the end.
 * @param after Where to begin; at the first one unless given.
 */
export async function findUnnamedLists(database: SqliteDatabase, after: Hash | undefined): Promise<UnnamedLists> {
  const from = after === undefined ? new Uint8Array() : hashToBytes(after);
  const sql = "SELECT content FROM manifest WHERE content > ? ORDER BY content LIMIT ?";
  const lists = database.rows(sql, from, listsPerWalk).map(([content]) => asHash(content));
  const next = lists.length === listsPerWalk ? lists.at(-1) : undefined;
  const unnamed = new Set(lists);
  const spaces = allSpaces(database);
  const revisions = new Map(spaces.map(({ id, head }) => [id, head.revision]));
  for (const space of lists.length === 0 ? [] : spaces) {
    for (const versions of sqliteFiles(database, space, undefined)) {
      for (const { file } of versions) unnamed.delete(file.content);
      // Reading a store may give no other request a turn, and there may be millions of files.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  return { contents: [...unnamed], revisions, next };
}

/**
 * Removes chunk lists that have had no name for long, and notes since when the others have none.
 *
 * @param database The connection, in a writing transaction.
 * @param contents Those that had none at a moment; of them, what was named since is left alone.
 */
export function pruneLists(
  database: SqliteDatabase,
  contents: readonly Hash[],
  { nowMs, graceMs, dryRun = false, revisions }: ManifestPruneOptions & Pick<UnnamedLists, "revisions">,
): ManifestPruneReceipt {
  const named = namedSince(database, revisions);
  let [condemned, removed] = [0, 0];
  for (const hash of contents) {
    if (named.has(hash)) continue;
    const content = hashToBytes(hash);
    const known = database.row("SELECT since FROM unnamed_manifest WHERE content = ?", content);
    const isDue = (known === undefined ? nowMs : asInteger(known[0])) <= nowMs - graceMs;
    if (isDue) removed++;
    else condemned++;
    if (dryRun) continue;
    if (isDue) {
      database.run("DELETE FROM manifest WHERE content = ?", content);
      database.run("DELETE FROM unnamed_manifest WHERE content = ?", content);
    } else if (known === undefined) database.run("INSERT INTO unnamed_manifest VALUES (?, ?)", content, nowMs);
  }
  return { condemned, removed };
}

/** The contents that were committed since the spaces stood at some revisions. */
function namedSince(database: SqliteDatabase, revisions: ReadonlyMap<number, number>): Set<Hash> {
  const named = new Set<Hash>();
  for (const { id } of allSpaces(database)) {
    for (const [content] of database.rows(committed, id, revisions.get(id) ?? 0)) named.add(asHash(content));
  }
  return named;
}

/** Whatever was put since then lives now, or was superseded by what was put later still. */
const committed = `
  SELECT content FROM entry WHERE space = ?1 AND revision > ?2 AND kind = 1
  UNION ALL
  SELECT h.content FROM entry AS e JOIN history AS h USING (space, directory, name)
  WHERE e.space = ?1 AND e.revision > ?2 AND h.revision > ?2 AND h.kind = 1`;

import type { SQLInputValue } from "node:sqlite";
import { baseName, hashToBytes, ok, parentPath, type Result, type SafePath } from "../../core/mod.ts";
import { entryKinds, syncStatuses } from "../file_metadata.ts";
import type { SqliteDatabase } from "../store/sqlite_database.ts";
import type { StepReceipt, StepRefusal, Transaction } from "./metadata_repository.ts";
import type { Announcement } from "./path_state.ts";
import { pathOf, planTransaction, type TransactionPlan } from "./plan_transaction.ts";
import { byRows, sqliteBatches, sqliteValues } from "../store/sqlite_batches.ts";
import { announcedColumns, readStates } from "./sqlite_path_state.ts";

const encoder = new TextEncoder();

/** How many columns an announcement has, with its key. */
const announcementColumns = 15;
const insertInto = (table: string) => (rows: number) =>
  `INSERT INTO ${table} (space, directory, name, ${announcedColumns}) ${sqliteValues(rows, announcementColumns)}`;
const insert = byRows(insertInto("announced"));
const insertSuperseded = byRows(insertInto("announced_history"));
const supersede = `INSERT INTO announced_history (space, directory, name, ${announcedColumns})
  SELECT space, directory, name, ${announcedColumns} FROM announced WHERE space = ? AND directory = ? AND name = ?`;
const remove = "DELETE FROM announced WHERE space = ? AND directory = ? AND name = ?";

/**
 * Does the steps of a transaction.
 *
 * @param database The connection, in a writing transaction.
 */
export function sqliteTransact(
  database: SqliteDatabase,
  space: number,
  transaction: Transaction,
): Result<StepReceipt[], StepRefusal> {
  const states = readStates(database, space, new Set(transaction.steps.map(pathOf)));
  const held = new Set<SafePath>();
  for (const [path, { announced }] of states) if (announced !== undefined) held.add(path);
  const plan = planTransaction(states, transaction);
  if (!plan.ok) return plan;
  writeAnnouncements(database, space, { announcements: plan.value.announcements, held });
  writeReplicas(database, space, plan.value.replicas);
  return ok(plan.value.receipts);
}

interface Announcements {
  /** New announcements in their order; a path may come several times. */
  readonly announcements: readonly Announcement[];
  /** The paths that were announced before. */
  readonly held: ReadonlySet<SafePath>;
}

function writeAnnouncements(database: SqliteDatabase, space: number, { announcements, held }: Announcements): void {
  const newest = new Map<SafePath, Announcement>();
  const superseded: Announcement[] = [];
  for (const announcement of announcements) {
    const { path } = announcement.metadata;
    const before = newest.get(path);
    if (before !== undefined) superseded.push(before);
    else if (held.has(path)) {
      database.run(supersede, space, parentPath(path), baseName(path));
      database.run(remove, space, parentPath(path), baseName(path));
    }
    newest.set(path, announcement);
  }
  // Rows written next to one another lie on the same pages, which halves the time.
  const sorted = [...newest.keys()].sort().map((path) => newest.get(path)!);
  const columnsOf = (announcement: Announcement) => encodeAnnouncement(space, announcement);
  for (const [statement, rows] of [[insertSuperseded, superseded], [insert, sorted]] as const) {
    for (const batch of sqliteBatches(rows, columnsOf)) database.run(statement(batch.rows), ...batch.parameters);
  }
}

/** What an announcement is stored as: its key, then `announcedColumns`. */
function encodeAnnouncement(space: number, { metadata, committedVersion, atMs }: Announcement): SQLInputValue[] {
  const { path, kind, size, hash, target, mtimeMs, mtimeRestNs = 0, mode, version, owner, syncState } = metadata;
  return [
    space,
    parentPath(path),
    baseName(path),
    entryKinds.indexOf(kind),
    size,
    hash === undefined ? null : hashToBytes(hash),
    target === undefined ? null : encoder.encode(target),
    mtimeMs,
    mtimeRestNs,
    mode,
    version,
    owner ?? null,
    syncStatuses.indexOf(syncState.status),
    committedVersion,
    atMs,
  ];
}

function writeReplicas(database: SqliteDatabase, space: number, replicas: TransactionPlan["replicas"]): void {
  const put = "INSERT OR REPLACE INTO replica (space, directory, name, said) VALUES (?, ?, ?, ?)";
  for (const [path, said] of replicas) {
    const pairs = JSON.stringify(said.map(({ node, version }) => [node, version]));
    database.run(put, space, parentPath(path), baseName(path), pairs);
  }
}

import type { SQLInputValue } from "node:sqlite";
import { baseName, hashToBytes, ok, parentPath, type Result, type SafePath } from "../../core/mod.ts";
import { entryKinds, syncStatuses } from "../file_metadata.ts";
import type { SqliteDatabase } from "../store/sqlite_database.ts";
import type { StepReceipt, StepRefusal, Transaction } from "./metadata_repository.ts";
import type { Announcement } from "./path_state.ts";
import { pathOf, planTransaction, type TransactionPlan } from "./plan_transaction.ts";
import { announcedColumns, readStates } from "./sqlite_path_state.ts";

const encoder = new TextEncoder();

const put = `INSERT OR REPLACE INTO announced (space, directory, name, ${announcedColumns})
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const supersede = `INSERT INTO announced_history (space, directory, name, ${announcedColumns})
  SELECT space, directory, name, ${announcedColumns} FROM announced WHERE space = ? AND directory = ? AND name = ?`;

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
  for (const announcement of plan.value.announcements) {
    const { path } = announcement.metadata;
    if (held.has(path)) database.run(supersede, space, parentPath(path), baseName(path));
    database.run(put, space, parentPath(path), baseName(path), ...encodeAnnouncement(announcement));
    held.add(path);
  }
  writeReplicas(database, space, plan.value.replicas);
  return ok(plan.value.receipts);
}

/** What an announcement is stored as, in the order of `announcedColumns`. */
function encodeAnnouncement({ metadata, committedVersion, atMs }: Announcement): SQLInputValue[] {
  const { kind, size, hash, target, mtimeMs, mode, version, owner, syncState } = metadata;
  return [
    entryKinds.indexOf(kind),
    size,
    hash === undefined ? null : hashToBytes(hash),
    target === undefined ? null : encoder.encode(target),
    mtimeMs,
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

import type { SQLInputValue } from "node:sqlite";
import { baseName, hashToBytes, ok, parentPath, type Result } from "../../core/mod.ts";
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
  const found = readStates(database, space, [...new Set(transaction.steps.map(pathOf))]);
  const states = new Map(found.map(({ path, state }) => [path, state]));
  const held = new Set(found.flatMap(({ path, state }) => state.announced === undefined ? [] : [path]));
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
  const add = "INSERT INTO replica (space, directory, name, node, version) VALUES (?, ?, ?, ?, ?)";
  for (const [path, said] of replicas) {
    const key = [space, parentPath(path), baseName(path)] as const;
    database.run("DELETE FROM replica WHERE space = ? AND directory = ? AND name = ?", ...key);
    for (const { node, version } of said) database.run(add, ...key, node, version);
  }
}

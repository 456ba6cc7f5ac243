/**
 * What clients told of their copies of spaces behind one port, `ReplicaStore`, in memory and in SQLite: which revision
 * each reached, when, what went wrong since, and where the last run of each stands. It is kept so that a server that was started again knows them; nothing is
 * decided by it.
 *
 * @module
 */
export { MemoryReplicaStore } from "./memory_replica_store.ts";
export {
  type FailedReport,
  type ReachedReport,
  type ReplicaKey,
  type ReplicaRecord,
  replicasMax,
  type ReplicaStore,
  type RunDirection,
  type RunRecord,
} from "./replica_store.ts";
export { openSqliteReplicaStore, SqliteReplicaStore } from "./sqlite_replica_store.ts";

/**
 * The service a server runs for its clients: what a space holds, chunks in and out, commits. It is the only way to the
 * stores; routes translate to it and decide nothing.
 *
 * @module
 */
export { defaultGraceMs, type GarbageOptions, type GarbageReport, type MaintenanceTools } from "./collect_garbage.ts";
export { type AbsentChunk } from "./list_damage.ts";
export { MaintenanceService } from "./maintenance_service.ts";
export {
  hashedBytesPerPage,
  type MetadataRefusal,
  MetadataService,
  type MetadataServiceOptions,
} from "./metadata_service.ts";
export { type PlanProblem } from "./plan_restore.ts";
export { type ReplicaFailure, type ReplicaReport, type ReplicaRun, type SyncFigures } from "./replica_report.ts";
export { type RestoreProblem, type RestoreReply, type RestoreRequest } from "./restore.ts";
export { type Moment, type MomentProblem } from "./revision_at.ts";
export { type RunReport } from "./run_report.ts";
export { versionAt } from "./version_at.ts";
export {
  type CommitError,
  type CommitReply,
  SyncService,
  type SyncServiceOptions,
  type WantedFile,
} from "./sync_service.ts";
export {
  type DamagedVersion,
  type StorageDamage,
  type StorageReport,
  type VerifyOptions,
  versionsListedMax,
} from "./verify_storage.ts";

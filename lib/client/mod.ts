/**
 * A client: the folder it keeps in step with its state in `.dfs/`, the server it talks to, and what it does with both.
 *
 * @module
 */
export {
  conflictsAt,
  type KeptCopy,
  listConflicts,
  type OpenConflict,
  showConflict,
  type WaitingConflict,
} from "./conflicts.ts";
export { type Resolution, resolveConflicts, type ResolveOptions } from "./resolve_conflicts.ts";
export { type FollowedItem, followEvents, type FollowOptions } from "./follow_events.ts";
export { type GivenWord, giveWord, type WordTaker } from "./given_word.ts";
export { type Base, type OpenPath, type OpenReason } from "./base.ts";
export { type Intent, type Intents, type Side } from "./intent.ts";
export {
  HistoryRemote,
  type HistoryRemoteOptions,
  type RemoteRevision,
  type RestoreAnswer,
  type RestoreOrder,
} from "./history_remote.ts";
export { type Folder, type FolderReader, type FolderWriter, type WriterAside } from "./folder.ts";
export { type DeltaRemote } from "./delta_remote.ts";
export { HttpRemote, type HttpRemoteOptions } from "./http_remote.ts";
export { LocalDisk, resolveFolder } from "./local_disk.ts";
export { LocalWorkspace, type WorkspaceOptions } from "./local_workspace.ts";
export {
  type AddedMetadata,
  type MetadataFilter,
  MetadataRemote,
  type MetadataRemoteOptions,
} from "./metadata_remote.ts";
export {
  type CommitAnswer,
  type Remote,
  type RemoteVersion,
  type ReplicaFailure,
  type ReplicaRun,
  type ReplicaState,
  type RunReport,
} from "./remote.ts";
export { type TransferOptions } from "./options.ts";
export { type GuardLimits } from "./guards.ts";
export { type ChunkSpan } from "./frame_packer.ts";
export { type ChunkPacker, type PackReply } from "./pack_thread.ts";
export { pull } from "./pull.ts";
export { push } from "./push.ts";
export { type ProgressListener, type SidedChange, silentProgress, type SyncReport } from "./report.ts";
export { defaultRetry, type RetryOptions } from "./retry.ts";
export { type Direction } from "./strategy.ts";
export { status, type StatusReport } from "./status.ts";
export { sync } from "./sync.ts";
export { type RunSession } from "./run_session.ts";
export { verifyFolder, type VerifyReport, type VerifyTools } from "./verify.ts";
export { type KeptState, type KeptWithBase, type Workspace } from "./workspace.ts";
export { readFolderSettings, readWorkspaceConfig, type WorkspaceConfig } from "./workspace_config.ts";
export { type SaveBaseOptions, type WorkspaceState } from "./workspace_state.ts";

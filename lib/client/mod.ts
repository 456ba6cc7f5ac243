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
  type Resolution,
  resolveConflicts,
  type ResolveOptions,
  showConflict,
  type WaitingConflict,
} from "./conflicts/mod.ts";
export {
  type AddedMetadata,
  type CommitAnswer,
  defaultRetry,
  type DeltaRemote,
  type FollowedItem,
  followEvents,
  type FollowOptions,
  HistoryRemote,
  type HistoryRemoteOptions,
  HttpRemote,
  type HttpRemoteOptions,
  type MetadataFilter,
  MetadataRemote,
  type MetadataRemoteOptions,
  type Remote,
  type RemoteRevision,
  type RemoteVersion,
  type ReplicaFailure,
  type ReplicaRun,
  type ReplicaState,
  type RestoreAnswer,
  type RestoreOrder,
  type RetryOptions,
  type RunReport,
} from "./remote/mod.ts";
export {
  type Base,
  type GivenWord,
  giveWord,
  type Intent,
  type Intents,
  type KeptState,
  type KeptWithBase,
  LocalWorkspace,
  type OpenPath,
  type OpenReason,
  readFolderSettings,
  readWorkspaceConfig,
  type SaveBaseOptions,
  type Side,
  type WordTaker,
  type Workspace,
  type WorkspaceConfig,
  type WorkspaceOptions,
  type WorkspaceState,
} from "./workspace/mod.ts";
export {
  type FileMaker,
  type FileMarks,
  type Folder,
  type FolderReader,
  type FolderWriter,
  LocalDisk,
  resolveFolder,
  type WriterAside,
} from "./folder/mod.ts";
export { type TransferOptions } from "./options.ts";
export { type GuardLimits } from "./guards.ts";
export type { ChunkPacker, ChunkSpan, PackReply } from "./transfer/mod.ts";
export { pull } from "./pull.ts";
export { push } from "./push.ts";
export { type ProgressListener, type SidedChange, silentProgress, type SyncReport } from "./report.ts";
export { type Direction } from "./strategy.ts";
export { status, type StatusReport } from "./status.ts";
export { sync } from "./sync.ts";
export type { RunSession } from "./session/mod.ts";
export { verifyFolder, type VerifyReport, type VerifyTools } from "./verify.ts";

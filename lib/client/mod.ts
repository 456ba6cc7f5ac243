/**
 * A client: the folder it keeps in step with its state in `.dfs/`, the server it talks to, and what it does with both.
 *
 * @module
 */
export { type FollowedItem, followEvents, type FollowOptions } from "./follow_events.ts";
export { type Intent } from "./intent.ts";
export { LocalDisk, resolveFolder } from "./local_disk.ts";
export {
  type AddedMetadata,
  type MetadataFilter,
  MetadataRemote,
  type MetadataRemoteOptions,
} from "./metadata_remote.ts";
export { type CommitAnswer, Remote, type RemoteOptions, type RemoteVersion, type ReplicaState } from "./remote.ts";
export { pull } from "./pull.ts";
export { push, type TransferOptions } from "./push.ts";
export { type ProgressListener, silentProgress, type SyncReport } from "./report.ts";
export { defaultRetry, type RetryOptions } from "./retry.ts";
export { status, type StatusReport } from "./status.ts";
export { Workspace, type WorkspaceOptions } from "./workspace.ts";
export { readWorkspaceConfig, type WorkspaceConfig } from "./workspace_config.ts";
export { type Base, type SaveBaseOptions, type WorkspaceState } from "./workspace_state.ts";

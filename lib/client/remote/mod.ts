/**
 * The server as a client sees it: a port, and the requests behind it with their retries and what went wrong in words; what
 * a space holds, proven by its root hash.
 *
 * @module
 */
export type { DeltaRemote } from "./delta_remote.ts";
export { findAuthors } from "./find_authors.ts";
export { type FollowedItem, followEvents, type FollowOptions } from "./follow_events.ts";
export {
  HistoryRemote,
  type HistoryRemoteOptions,
  type RemoteRevision,
  type RestoreAnswer,
  type RestoreOrder,
} from "./history_remote.ts";
export { HttpRemote, type HttpRemoteOptions } from "./http_remote.ts";
export {
  type AddedMetadata,
  type MetadataFilter,
  MetadataRemote,
  type MetadataRemoteOptions,
} from "./metadata_remote.ts";
export type {
  CommitAnswer,
  Remote,
  RemoteVersion,
  ReplicaFailure,
  ReplicaRun,
  ReplicaState,
  RunReport,
} from "./remote.ts";
export { emptyHead, readRemoteState, type RemoteState, type RemoteStateOptions } from "./remote_state.ts";
export { defaultRetry, type RetryOptions } from "./retry.ts";
export { type SendOptions, sendRequest } from "./send_request.ts";
export { UnreadableChunks, unreadableProblem } from "./unreadable_chunks.ts";

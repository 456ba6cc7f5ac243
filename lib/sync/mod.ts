/**
 * Synchronization without network and without a particular disk: finding out what changed, cutting files into chunks,
 * comparing trees, and the service a server runs for its clients. Knows nothing of HTTP.
 *
 * @module
 */
export { contentProblem } from "./service/content_problem.ts";
export { chunkBytesMin, chunkBytesNormal, findBoundary } from "./chunker.ts";
export { conflictName, type ConflictNameOptions, isConflictName, originalOfConflict } from "./conflict_name.ts";
export {
  type ChunkWindow,
  ContentReader,
  type ContentReaderOptions,
  type ReadContent,
  windowBytes,
  type WindowChunk,
  type WindowSink,
} from "./content_reader.ts";
export { deletesFreeMax, deletesShareMax } from "./delete_limits.ts";
export {
  type LocalNode,
  type Scan,
  scanFolder,
  type ScanOptions,
  type ScanProblem,
  type UnreadFile,
} from "./detector.ts";
export { countFiles, deletedFiles, describeDiff, diffTrees, isSame, type PathChange, type TreeDiff } from "./diff.ts";
export {
  DirectoryLook,
  type DirectoryLookParts,
  lookColumn,
  lookKinds,
  lookWidth,
  readStat,
} from "./directory_look.ts";
export type { AheadLook, Disk, DiskReader, LookAhead } from "./disk.ts";
export type { DiskName, DiskStat } from "./disk_stat.ts";
export { type Stamp, stampOf, stampOfPlaced } from "./stamp.ts";
export { bearsTime, toldTime } from "./told_time.ts";
export { type IgnoreExplanation, ignoreFileName, type IgnoreOptions, IgnoreRules } from "./ignore/mod.ts";
export { ManifestGuess } from "./manifest_guess.ts";
export { ignoreFileBytesMax, readIgnoreFile } from "./read_ignore_file.ts";
export { type EarlierChunk } from "./replaced_run.ts";
export { isReservedName, isReservedPath, stagedPrefix, stateDirectoryName } from "./reserved_name.ts";
export {
  advanceSession,
  describeProtocolError,
  isFinal,
  type SessionEvent,
  type SessionEventType,
  type SessionProtocolError,
  type SessionState,
  sessionStates,
  type SessionStatus,
  sessionTable,
} from "./session.ts";
export { decodeStatus, encodeStatus, type StoredStatus } from "./session_form.ts";
export {
  countNodes,
  eachFile,
  eachNode,
  emptyTreeOf,
  type FileListener,
  getNode,
  type HashedTree,
  inOrder,
  type Listing,
  type Node,
  type Tree,
  treeHashes,
  walkTree,
  withChanges,
} from "./tree.ts";

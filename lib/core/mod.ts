/**
 * What every layer stands on: results and failures, hashes, safe paths, binary reading and writing, clock and semaphore,
 * and what Deno has no equal for of locks and of Linux. Nothing here knows of HTTP or of synchronization, and nothing here
 * imports another folder.
 *
 * @module
 */
export { ByteReader, ByteReaderError } from "./byte_reader.ts";
export { ByteWriter } from "./byte_writer.ts";
export { closestWord, editDistance } from "./closest_word.ts";
export { type CString, cString, makeCString, openCLibrary } from "./c_library.ts";
export { type Clock, systemClock } from "./clock.ts";
export { dropCached, type FilePart } from "./drop_cached.ts";
export { Failure, type FailureKind, type FailureOptions, isNoSpace, platformFailure } from "./failure.ts";
export {
  emptyHash,
  formatHash,
  type Hash,
  hashBytes,
  hashFromBytes,
  hashToBytes,
  parseHash,
  type RunningHash,
  sha256,
  sha256Async,
  startSha256,
} from "./hash.ts";
export { type LockedFile, lockFile, tryLockFile } from "./lock_file.ts";
export { nextTurn } from "./next_turn.ts";
export { nodeZlib } from "./node_zlib.ts";
export { formatExactBytes, parseBytes } from "./parse_bytes.ts";
export { formatDuration, parseDuration } from "./parse_duration.ts";
export { RateLimiter, type RateLimiterOptions } from "./rate_limiter.ts";
export { err, ok, type Result } from "./result.ts";
export { RwLock } from "./rw_lock.ts";
export {
  ancestors,
  baseName,
  isWithin,
  joinPath,
  nameBytesMax,
  nameProblem,
  parentPath,
  parseSafePath,
  pathBytesMax,
  rootPath,
  type SafePath,
  windowsNameProblem,
} from "./safe_path.ts";
export { Semaphore } from "./semaphore.ts";
export { TokenBucket, type TokenBucketOptions } from "./token_bucket.ts";
export { type IllegalTransition, nextState, type TransitionTable } from "./state_machine.ts";
export { crc32, zstdCompress, zstdDecompress, type ZstdDecompressOptions } from "./zstd.ts";

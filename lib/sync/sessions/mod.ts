/**
 * The sessions of clients that synchronize file by file, for people and scripts: a client registers, begins a session,
 * compares, sends and fetches files in pieces of its own choice, and is told when all is done. Everything a session knows
 * is in the stores, so it outlives client and server. What is uploaded is cut anew as every client would cut it, and
 * committed by compare-and-set; a deletion is never guessed, and what changed on both sides is kept twice.
 *
 * @module
 */
export { type LocalFile } from "./local_file.ts";
export type {
  Comparison,
  DiffRequest,
  FinishedFile,
  FinishRequest,
  KnownSession,
  NewClient,
  PieceRequest,
  ReceivedPieces,
  RegisteredClient,
  SessionReport,
  SessionsQuery,
  StartedSession,
} from "./session_calls.ts";
export { type SessionContext } from "./session_context.ts";
export { pieceBytesMax, sessionIdleMsMax, snapshotFilesMax, uploadPiecesMax } from "./session_limits.ts";
export { type Session } from "./session_record.ts";
export { type SessionRefusal } from "./session_refusal.ts";
export { SessionService } from "./session_service.ts";

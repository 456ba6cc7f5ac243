/**
 * The sessions of clients behind one port, `SessionStore`, in memory and in SQLite: who was given an id, where each session
 * stands, which paths it has to do with, the pieces of files that are on their way, and what each client held when it last
 * completed a session. A store keeps this over restarts and for several processes at once; it compares and sets, and
 * decides nothing.
 *
 * @module
 */
export { MemorySessionStore } from "./memory_session_store.ts";
export {
  type ClientRecord,
  type CopyChange,
  type ForgottenAge,
  type NewPiece,
  type NewSession,
  type PathKey,
  type PathRole,
  pathRoles,
  type PathSelection,
  type PieceReceipt,
  type RecentQuery,
  type RestingQuery,
  type SessionLimits,
  type SessionPath,
  type SessionRecord,
  type SessionStore,
  type SessionUpdate,
  type Upload,
} from "./session_store.ts";
export { openSqliteSessionStore, SqliteSessionStore } from "./sqlite_session_store.ts";

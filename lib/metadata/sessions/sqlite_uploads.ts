import { Failure, type SafePath } from "../../core/mod.ts";
import { Manifest } from "../manifest.ts";
import type { SqliteDatabase } from "../store/sqlite_database.ts";
import { asBytes, asInteger } from "../store/sqlite_value.ts";
import type { NewPiece, PieceReceipt, Upload } from "./session_store.ts";

/** Keeps one piece of an upload, within a transaction. */
export function putPiece(database: SqliteDatabase, id: string, piece: NewPiece): PieceReceipt | undefined {
  const { path, index, total, chunks, atMs, piecesMax } = piece;
  const held = database.row("SELECT pieces FROM session WHERE id = ?", id);
  if (held === undefined) return undefined;
  const known = database.row("SELECT total FROM upload WHERE session = ? AND path = ?", id, path);
  let pieces = asInteger(held[0]);
  if (known !== undefined && asInteger(known[0]) !== total) pieces -= deleteUpload(database, id, path);
  const before = database.row(
    "SELECT chunks FROM upload_piece WHERE session = ? AND path = ? AND piece = ?",
    id,
    path,
    index,
  );
  if (before === undefined && pieces >= piecesMax) {
    database.run("UPDATE session SET pieces = ? WHERE id = ?", pieces, id);
    return undefined;
  }
  const added = before === undefined || asBytes(before[0]).toHex() !== chunks.bytes.toHex();
  database.run("INSERT INTO upload (session, path, total) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", id, path, total);
  database.run(
    "INSERT OR REPLACE INTO upload_piece (session, path, piece, chunks) VALUES (?, ?, ?, ?)",
    id,
    path,
    index,
    chunks.bytes,
  );
  database.run(
    "UPDATE session SET active_at = ?, pieces = ?, bytes = bytes + ? WHERE id = ?",
    atMs,
    before === undefined ? pieces + 1 : pieces,
    added ? chunks.size : 0,
    id,
  );
  const sql = "SELECT piece FROM upload_piece WHERE session = ? AND path = ? ORDER BY piece";
  return { received: database.rows(sql, id, path).map(([number]) => asInteger(number)), added };
}

/** What arrived of an upload. */
export function readUpload(database: SqliteDatabase, id: string, path: SafePath): Upload | undefined {
  const total = database.row("SELECT total FROM upload WHERE session = ? AND path = ?", id, path);
  if (total === undefined) return undefined;
  const sql = "SELECT piece, chunks FROM upload_piece WHERE session = ? AND path = ? ORDER BY piece";
  const pieces = database.rows(sql, id, path).map(([index, chunks]) => {
    return { index: asInteger(index), chunks: decodeChunks(asBytes(chunks)) };
  });
  return { total: asInteger(total[0]), pieces };
}

/** What {@linkcode dropPieces} forgets. */
export interface DroppedPieces {
  /** The id of the session. */
  readonly id: string;
  /** The path that is uploaded. */
  readonly path: SafePath;
  /** Which pieces; all of them unless told. */
  readonly indexes: readonly number[] | undefined;
}

/** Forgets pieces of an upload, within a transaction. */
export function dropPieces(database: SqliteDatabase, { id, path, indexes }: DroppedPieces): void {
  if (indexes === undefined) deleteUpload(database, id, path);
  for (const index of indexes ?? []) {
    database.run("DELETE FROM upload_piece WHERE session = ? AND path = ? AND piece = ?", id, path, index);
  }
  countPieces(database, id);
}

/** Writes down how many pieces a session has. */
export function countPieces(database: SqliteDatabase, id: string): void {
  database.run("UPDATE session SET pieces = (SELECT count(*) FROM upload_piece WHERE session = ?1) WHERE id = ?1", id);
}

/** Deletes an upload; gives how many pieces it had. */
function deleteUpload(database: SqliteDatabase, id: string, path: SafePath): number {
  const sql = "SELECT count(*) FROM upload_piece WHERE session = ? AND path = ?";
  const pieces = asInteger(database.row(sql, id, path)?.[0]);
  database.run("DELETE FROM upload WHERE session = ? AND path = ?", id, path);
  return pieces;
}

function decodeChunks(bytes: Uint8Array<ArrayBuffer>): Manifest {
  const chunks = Manifest.fromBytes(bytes);
  if (chunks.ok) return chunks.value;
  throw new Failure("corrupt", `The metadata database holds a piece of an upload that is none: ${chunks.error}`, {
    hint: "Restore the database from a backup",
  });
}

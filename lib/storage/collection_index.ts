import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { type Hash, hashBytes, hashFromBytes, hashToBytes } from "../core/mod.ts";
import { lookupHashesMax } from "./pack_index.ts";
import { packHashes } from "./pack_index_row.ts";
import { openPackIndexDatabase } from "./pack_index_schema.ts";
import { sqliteFailure } from "./sqlite_failure.ts";
import { inTransaction } from "./sqlite_transaction.ts";

/** How many chunks are gone through by one statement: the other requests wait for no more than that. */
export const chunksPerPage = 4096;

/** Chunks behind one hash and up to another, both 32 bytes or a bound beyond all hashes. */
export interface HashRange {
  readonly after: Uint8Array;
  readonly upTo: Uint8Array;
}

/** A chunk and where it lies. */
export interface PlacedChunk {
  readonly hash: Hash;
  readonly frame: number;
  readonly position: number;
  /** In bytes. */
  readonly length: number;
}

/** A chunk that was copied into a frame of another pack. */
export interface MovedChunk extends PlacedChunk {
  /** Its place in the new frame. */
  readonly newPosition: number;
}

/** A frame that was written with chunks of others. */
export interface MovedFrame {
  readonly pack: number;
  readonly start: number;
  readonly length: number;
  readonly chunks: readonly MovedChunk[];
}

/** How much of a pack is of use. */
export interface PackUse {
  readonly id: number;
  /** Bytes of its frames, and of what lies between them. */
  readonly bytes: number;
  /** About how many of them hold chunks that are stored. */
  readonly liveBytes: number;
  /** How many chunks have their place in it. */
  readonly chunks: number;
  readonly sealed: boolean;
}

/** How much of what lies beside the index is kept in memory, in KiB; the rest goes to a temporary file. */
const tempCacheKib = 64 * 1024;

const range = "hash > ?1 AND hash <= ?2";
/** Not `IN (SELECT ...)`: for that SQLite copies all of the table, each time. */
const isLive = "EXISTS (SELECT 1 FROM live WHERE live.hash = chunk.hash)";

/**
 * What the collection of garbage reads and changes in the index of packs, over a connection of its own: what is named
 * goes into a table that lies beside the index for as long as that lives, so memory does not grow with it.
 *
 * Each method is one transaction, which is on the medium when it returns: what was moved must not be found at its old
 * place after a power cut, since that is removed.
 */
export class CollectionIndex implements Disposable {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #prepared = new Map<string, StatementSync>();

  /** Opens the index at a path. */
  constructor(path: string) {
    this.#path = path;
    this.#database = openPackIndexDatabase(path);
    this.#database.exec(`
      PRAGMA synchronous = FULL;
      -- If anything goes wrong with what lies beside the index, all of that is thrown away.
      PRAGMA temp.journal_mode = OFF;
      PRAGMA temp.cache_size = -${tempCacheKib};
      CREATE TEMP TABLE live (hash BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
      CREATE TEMP TABLE victim (
        frame INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (frame, position)
      ) STRICT, WITHOUT ROWID;
    `);
  }

  /** Forgets what is named, and what is to be removed. */
  begin(): void {
    this.#run("begin", () => this.#database.exec("DELETE FROM live; DELETE FROM victim"));
  }

  /** Notes that chunks are named. */
  markLive(hashes: readonly Hash[]): void {
    const sql = `
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
      INSERT OR IGNORE INTO live SELECT substr(?1, 1 + ${hashBytes} * i, ${hashBytes}) FROM n`;
    for (let from = 0; from < hashes.length; from += lookupHashesMax) {
      const part = hashes.slice(from, from + lookupHashesMax);
      this.#change(sql, packHashes(part), part.length);
    }
  }

  /** All chunks there are, range by range. */
  *ranges(): Generator<HashRange, void> {
    const sql = `SELECT hash FROM chunk WHERE hash > ? ORDER BY hash LIMIT 1 OFFSET ${chunksPerPage - 1}`;
    // Not an empty one, which SQLite would take for NULL.
    for (let after = new Uint8Array(1);;) {
      const last = this.#rows(sql, after)[0]?.hash;
      if (!(last instanceof Uint8Array)) {
        yield { after, upTo: new Uint8Array(hashBytes + 1).fill(0xff) };
        return;
      }
      const upTo = new Uint8Array(last);
      yield { after, upTo };
      after = upTo;
    }
  }

  /** Takes back the sentence of chunks that are named; says of how many. */
  spare({ after, upTo }: HashRange): number {
    const sql = `UPDATE chunk SET condemned = NULL WHERE ${range} AND condemned IS NOT NULL AND ${isLive}`;
    return this.#change(sql, after, upTo);
  }

  /** Notes as victims the chunks that were condemned up to a time and are not named; says how many. */
  choose({ after, upTo }: HashRange, condemnedUntilMs: number): number {
    const sql = `INSERT OR IGNORE INTO victim SELECT frame, position, hash FROM chunk
      WHERE ${range} AND condemned <= ?3 AND NOT ${isLive}`;
    return this.#change(sql, after, upTo, condemnedUntilMs);
  }

  /** Condemns the chunks that are not named and came up to a time; says how many. */
  condemn({ after, upTo }: HashRange, { atMs, storedUntilMs }: { atMs: number; storedUntilMs: number }): number {
    const sql = `UPDATE chunk SET condemned = ?3 WHERE ${condemnable}`;
    return this.#change(sql, after, upTo, atMs, storedUntilMs);
  }

  /** How many chunks {@linkcode condemn} would condemn. With `choose` they are noted as victims too. */
  countCondemnable({ after, upTo }: HashRange, storedUntilMs: number, choose: boolean): number {
    const columns = choose ? "INSERT OR IGNORE INTO victim SELECT frame, position, hash" : "SELECT count(*) AS count";
    const sql = `${columns} FROM chunk WHERE ${condemnable.replace("?4", "?3")}`;
    if (choose) return this.#change(sql, after, upTo, storedUntilMs);
    return Number(this.#rows(sql, after, upTo, storedUntilMs)[0]?.count ?? 0);
  }

  /** The victims behind a place, in the order of frames and positions; their lengths are not known. */
  victimsAfter(place: { readonly frame: number; readonly position: number }, limit: number): PlacedChunk[] {
    const sql =
      "SELECT frame, position, hash FROM victim WHERE (frame, position) > (?, ?) ORDER BY frame, position LIMIT ?";
    return this.#rows(sql, place.frame, place.position, limit).map((row) => ({
      hash: hashFromBytes(row.hash instanceof Uint8Array ? row.hash : new Uint8Array()),
      frame: Number(row.frame),
      position: Number(row.position),
      length: 0,
    }));
  }

  /** About how many bytes of the medium the victims take up. */
  victimBytes(): number {
    const sql = `SELECT total(length * count * 1.0 / max(chunks, 1)) AS bytes
      FROM (SELECT frame AS id, count(*) AS count FROM victim GROUP BY frame) JOIN frame USING (id)`;
    return Math.round(Number(this.#rows(sql)[0]?.bytes ?? 0));
  }

  /**
   * Takes chunks out of the index, if they lie where they are said to; says how many.
   *
   * @param options Whether only those that are condemned.
   */
  remove(chunks: readonly PlacedChunk[], { condemned }: { readonly condemned: boolean }): number {
    const only = condemned ? " AND condemned IS NOT NULL" : "";
    const sql = `DELETE FROM chunk WHERE hash = ? AND frame = ? AND position = ?${only}`;
    return this.#transaction(() => {
      let removed = 0;
      for (const { hash, frame, position, length } of chunks) {
        if (this.#change(sql, hashToBytes(hash), frame, position) === 0) continue;
        this.#takeFrom(frame, length);
        removed++;
      }
      return removed;
    });
  }

  /** How much of each pack is of use. */
  use(): PackUse[] {
    const sql = `SELECT pack.id, indexed_length, sealed, total(length * bytes * 1.0 / max(raw_bytes, bytes, 1)) AS live,
      total(chunks) AS chunks FROM pack LEFT JOIN frame ON frame.pack = pack.id WHERE gone = 0 GROUP BY pack.id ORDER BY pack.id`;
    return this.#rows(sql).map((row) => ({
      id: Number(row.id),
      bytes: Number(row.indexed_length),
      liveBytes: Math.round(Number(row.live)),
      chunks: Number(row.chunks),
      sealed: row.sealed !== 0,
    }));
  }

  /** Seals packs: from now on nobody appends to them. */
  seal(packs: readonly number[]): void {
    this.#change("UPDATE pack SET sealed = 1 WHERE id IN (SELECT value FROM json_each(?))", JSON.stringify(packs));
  }

  /**
   * Enters frames that hold chunks of others: each chunk that still lies where it was copied from lies there from now on.
   * The frames must be on the medium.
   */
  move(frames: readonly MovedFrame[], movedAtMs: number): void {
    this.#transaction(() => {
      for (const { pack, start, length, chunks } of frames) {
        const raw = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        const id = Number(this.#rows(addFrame, pack, start, length, raw, movedAtMs)[0]?.id);
        let [count, bytes] = [0, 0];
        for (const chunk of chunks) {
          const { hash, frame, position } = chunk;
          if (this.#change(moveChunk, id, chunk.newPosition, hashToBytes(hash), frame, position) === 0) continue;
          this.#takeFrom(frame, chunk.length);
          count++;
          bytes += chunk.length;
        }
        this.#change("UPDATE frame SET chunks = ?, bytes = ? WHERE id = ?", count, bytes, id);
        this.#change(lengthen, start + length, pack);
      }
    });
  }

  /** Those of some packs that chunks in a range lie in. */
  packsOf({ after, upTo }: HashRange, packs: readonly number[]): number[] {
    const sql = `SELECT DISTINCT pack FROM chunk JOIN frame ON frame.id = chunk.frame
      WHERE ${range} AND pack IN (SELECT value FROM json_each(?3))`;
    return this.#rows(sql, after, upTo, JSON.stringify(packs)).map(({ pack }) => Number(pack));
  }

  /** Forgets sealed packs in which no chunk lies; their files are to be removed. */
  drop(packs: readonly number[]): void {
    const ids = JSON.stringify(packs);
    this.#transaction(() => {
      this.#change("DELETE FROM frame WHERE pack IN (SELECT value FROM json_each(?))", ids);
      this.#change("UPDATE pack SET gone = 1 WHERE sealed = 1 AND id IN (SELECT value FROM json_each(?))", ids);
    });
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** Counts one chunk less in a frame; what is left of the last one is nothing. */
  #takeFrom(frame: number, length: number): void {
    const sql = `UPDATE frame SET chunks = chunks - 1,
      bytes = CASE WHEN chunks <= 1 THEN 0 ELSE max(0, bytes - ?) END WHERE id = ?`;
    this.#change(sql, length, frame);
  }

  #change(sql: string, ...parameters: SQLInputValue[]): number {
    return this.#run("write", () => Number(this.#statement(sql).run(...parameters).changes));
  }

  #rows(sql: string, ...parameters: SQLInputValue[]): Record<string, SQLOutputValue>[] {
    return this.#run("read", () => this.#statement(sql).all(...parameters));
  }

  #statement(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) this.#prepared.set(sql, statement = this.#database.prepare(sql));
    return statement;
  }

  #transaction<T>(work: () => T): T {
    return this.#run("write", () => inTransaction(this.#database, work));
  }

  #run<T>(action: string, work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw sqliteFailure(`${action} in the chunk index "${this.#path}"`, cause);
    }
  }
}

const condemnable =
  `${range} AND condemned IS NULL AND NOT ${isLive} AND (SELECT stored_at FROM frame WHERE id = chunk.frame) <= ?4`;
const addFrame = `
  INSERT INTO frame (pack, start, length, chunks, bytes, raw_bytes, stored_at) VALUES (?, ?, ?, 0, 0, ?, ?) RETURNING id`;
const moveChunk = "UPDATE chunk SET frame = ?, position = ? WHERE hash = ? AND frame = ? AND position = ?";
const lengthen = `
  UPDATE pack SET indexed_length = max(indexed_length, ?1), durable_length = max(durable_length, ?1) WHERE id = ?2`;

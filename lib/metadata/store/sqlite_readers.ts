import { SqliteDatabase } from "./sqlite_database.ts";

/** How many connections are kept open for the next reader; more are opened while more read at the same time. */
export const idleReadersMax = 4;

/** A connection of one's own, until it is disposed of. */
export interface BorrowedReader extends Disposable {
  /** The connection. */
  readonly database: SqliteDatabase;
}

/**
 * The connections that read trees: each reader needs one of its own, since a snapshot belongs to a connection and lasts
 * as long as the reader takes.
 */
export class SqliteReaders implements Disposable {
  readonly #open: () => SqliteDatabase;
  readonly #idle: SqliteDatabase[] = [];
  #closed = false;

  /**
   * Begins without a connection.
   *
   * @param open Opens one more.
   */
  constructor(open: () => SqliteDatabase) {
    this.#open = open;
  }

  /** Takes a connection. */
  borrow(): BorrowedReader {
    const database = this.#idle.pop() ?? this.#open();
    return { database, [Symbol.dispose]: () => this.#giveBack(database) };
  }

  /** Closes the connections; those that are still read from, when their readers are done. */
  [Symbol.dispose](): void {
    this.#closed = true;
    for (const database of this.#idle.splice(0)) database[Symbol.dispose]();
  }

  #giveBack(database: SqliteDatabase): void {
    if (this.#closed || this.#idle.length >= idleReadersMax) database[Symbol.dispose]();
    else this.#idle.push(database);
  }
}

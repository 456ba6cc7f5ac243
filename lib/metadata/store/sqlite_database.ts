import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from "node:sqlite";

/** One row of a result, column by column. */
export type Columns = readonly SQLOutputValue[];

/** A statement that gives its rows as arrays, which takes half the time of objects. */
interface ArrayStatement {
  /** There, but missing in the types that come with Deno 2.9.6. */
  setReturnArrays(enabled: boolean): void;
  all(...parameters: SQLInputValue[]): Columns[];
  get(...parameters: SQLInputValue[]): Columns | undefined;
  run(...parameters: SQLInputValue[]): unknown;
}

/** How a {@linkcode SqliteDatabase} is opened. */
export interface SqliteDatabaseOptions {
  /** Whether it only reads; the file must exist then. */
  readonly readOnly?: boolean;
  /** How long to wait for another connection that writes, in milliseconds. */
  readonly busyTimeoutMs: number;
}

/**
 * A connection to a SQLite database that prepares each statement once and keeps it. It is for statements that are
 * written in the source, so there are only so many of them.
 */
export class SqliteDatabase implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, ArrayStatement>();

  /** Opens the database, or creates an empty one. */
  constructor(path: string, { readOnly = false, busyTimeoutMs }: SqliteDatabaseOptions) {
    this.#database = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
  }

  /** All rows of a result. */
  rows(sql: string, ...parameters: SQLInputValue[]): Columns[] {
    return this.#statement(sql).all(...parameters);
  }

  /** The first row of a result, if there is one. */
  row(sql: string, ...parameters: SQLInputValue[]): Columns | undefined {
    return this.#statement(sql).get(...parameters);
  }

  /** Runs a statement that has no result. */
  run(sql: string, ...parameters: SQLInputValue[]): void {
    this.#statement(sql).run(...parameters);
  }

  /** Runs several statements, once. */
  script(sql: string): void {
    this.#database.exec(sql);
  }

  /** Makes all reading from now on of one state, that at the first reading, until the returned value is disposed of. */
  snapshot(): Disposable {
    this.run("BEGIN DEFERRED");
    return { [Symbol.dispose]: () => this.#rollBack() };
  }

  /** Writes all or nothing; waits until no other connection writes. What it reads, nobody changes meanwhile. */
  writing<T>(write: () => T): T {
    this.run("BEGIN IMMEDIATE");
    try {
      const outcome = write();
      this.run("COMMIT");
      return outcome;
    } catch (cause) {
      this.#rollBack();
      throw cause;
    }
  }

  /** Closes the connection, once; a transaction that is open is rolled back. */
  [Symbol.dispose](): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #rollBack(): void {
    // A full disk or an I/O error may have ended the transaction already.
    if (this.#database.isTransaction) this.run("ROLLBACK");
  }

  #statement(sql: string): ArrayStatement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql) as unknown as ArrayStatement;
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
